import { readdirSync, readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { defineConfig } from "vitest/config";

const here = import.meta.dirname;
const icons = resolve(here, "node_modules/@tabler/icons/icons/outline");

// One file of symbols from Tabler's outline set; the names stand in static/img/icons.txt. An unknown name stops the build.
function sprite() {
  const symbol = (name) => {
    const svg = readFileSync(resolve(icons, `${name}.svg`), "utf8");
    const paths = svg.match(/<path d="[^"]*"/g).map((path) => `${path}/>`);
    return `<symbol id="${name}" viewBox="0 0 24 24">${paths.join("")}</symbol>`;
  };
  return {
    name: "icon-sprite",
    generateBundle() {
      const names = readFileSync(resolve(here, "static/img/icons.txt"), "utf8").split(/\s+/).filter(Boolean);
      const source = `<svg xmlns="http://www.w3.org/2000/svg">${names.map(symbol).join("")}</svg>\n`;
      this.emitFile({ type: "asset", fileName: "icons.svg", source });
    },
  };
}

// htmx keeps one direct eval behind allowEval, which we switch off (content security policy); it would also stop the bundler from shortening names.
function htmxWithoutEval() {
  return {
    name: "htmx-without-eval",
    transform(code, id) {
      if (!id.includes("/htmx.org/")) return null;
      return { code: code.replace("return eval(str)", 'throw new Error("eval is off")'), map: null };
    },
  };
}

// Django's storage looks for names to hash in quotes only; the bundler writes backticks.
function quotedImports() {
  return {
    name: "quoted-imports",
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) if (chunk.code) chunk.code = chunk.code.replace(/import\(`([^`$]+)`\)/g, 'import("$1")');
    },
  };
}

const WORKER = "sw.js";
const pages = readdirSync(resolve(here, "static/js")).filter((name) => name.endsWith(".js") && name !== WORKER);
const entries = Object.fromEntries(pages.map((name) => [basename(name, ".js"), resolve(here, "static/js", name)]));

// The service worker is one classic script: it stands at the root, where relative imports would lead astray.
const worker = {
  root: here,
  publicDir: false,
  build: {
    outDir: "static/dist",
    emptyOutDir: false,
    target: "es2022",
    rolldownOptions: { input: resolve(here, "static/js", WORKER), output: { entryFileNames: WORKER, format: "iife" } },
  },
};

const site = {
  root: here,
  base: "./",
  publicDir: false,
  plugins: [sprite(), htmxWithoutEval(), quotedImports()],
  css: {
    preprocessorOptions: {
      // Bootstrap 5.3 is written with @import and functions that Sass will drop in 3.0; it stays pinned until 6.
      scss: { quietDeps: true, silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"] },
    },
  },
  build: {
    outDir: "static/dist",
    assetsInlineLimit: 0,
    modulePreload: false,
    sourcemap: false,
    target: "es2022",
    rolldownOptions: {
      // django-leaflet loads Leaflet: there is one window.L on a page.
      external: ["leaflet"],
      input: { ...entries, style: resolve(here, "static/css/app.scss") },
      output: {
        // Names without a hash: the manifest storage of Django gives each file its own.
        entryFileNames: "[name].js",
        chunkFileNames: "lib/[name].js",
        assetFileNames: ({ names }) => (names.includes("style.css") ? "app.css" : "[name][extname]"),
      },
    },
  },
  test: { include: ["tests/js/**/*.test.js"], environment: "node" },
};

export default defineConfig(({ mode }) => (mode === "worker" ? worker : site));
