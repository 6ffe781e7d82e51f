# What the scripts of this folder share. Sourced, never run; bash only, because it comes before Python is there.
# shellcheck shell=bash
set -euo pipefail

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$TOP"
export PATH="$TOP/.venv/bin:$PATH:/usr/sbin:/sbin" PYTHONUNBUFFERED=1 PIP_DISABLE_PIP_VERSION_CHECK=1

say() { printf '%s\n' "polmas: $*"; }
die() { printf '%s\n' "polmas: $*" >&2; exit 1; }
checksum() { sha256sum "$@" | sha256sum | cut -c1-16; }
random_hex() { od -An -tx1 -N"$1" /dev/urandom | tr -d ' \n'; }

# quietly COMMAND...: shows the command's output only when it fails. Runs it in the background and waits, so that a signal is
# handled at once and not after a long download; stop_current ends it then.
CURRENT=
CURRENT_LOG=
quietly() {
  local status=0
  CURRENT_LOG=$(mktemp)
  set -m
  "$@" >"$CURRENT_LOG" 2>&1 </dev/null &
  CURRENT=$!
  set +m
  wait "$CURRENT" || status=$?
  CURRENT=
  if ((status)); then tail -n 40 "$CURRENT_LOG" >&2; fi
  rm -f "$CURRENT_LOG"
  return "$status"
}

stop_current() {
  [[ $CURRENT ]] || return 0
  kill -TERM -- "-$CURRENT" 2>/dev/null || true
  end 5 "$CURRENT"
  rm -f "$CURRENT_LOG"
}

# ---- the state directory: database, queue, uploads, secrets of this checkout --------------------------------------------------------

# use_state DIR: makes it, and exports its full path. The database's user may pass through, others see nothing.
use_state() {
  mkdir -p "$1"
  POLMAS_STATE=$(cd "$1" && pwd -P)
  export POLMAS_STATE
  [[ -O $POLMAS_STATE ]] || die "$POLMAS_STATE belongs to $(stat -c %U "$POLMAS_STATE"): start as that user, or choose another place with POLMAS_STATE"
  if ((EUID == 0)); then chmod 711 "$POLMAS_STATE"; else chmod 700 "$POLMAS_STATE"; fi
  # A socket's path has at most 107 characters.
  SOCKETS=$POLMAS_STATE/run
  if ((${#SOCKETS} > 80)); then SOCKETS=/tmp/polmas-$EUID-$(echo "$POLMAS_STATE" | checksum); fi
  mkdir -p "$SOCKETS"
  [[ -O $SOCKETS ]] || die "$SOCKETS belongs to someone else"
  chmod 711 "$SOCKETS"
}

# ---- system packages ------------------------------------------------------------------------------------------------------

as_root() { if ((EUID == 0)); then "$@"; else sudo "$@"; fi; }

# need_packages GROUP...: installs what of deploy/packages is missing. apt is not touched when nothing is.
need_packages() {
  local missing
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    if command -v postgres >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null; then return; fi
    die "this system has no apt. Install by hand what deploy/packages lists, or run: docker compose up"
  fi
  missing=$(deploy/packages --missing "$@" | tr '\n' ' ')
  [[ $missing ]] || return 0
  if ((EUID != 0)) && ! { command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [[ -t 0 ]]; }; }; then
    die "these packages are missing and installing them takes root: ${missing}
        Run 'apt-get install ${missing% }' as root, or use Docker: docker compose up"
  fi
  say "Installing system packages: $missing"
  install_packages "$@" || die "apt could not install: ${missing}
        Mend apt and start again, or use Docker: docker compose up"
}

# Installs without side effects on the machine: no database cluster of the system's, no service started now or at the next boot.
install_packages() {
  local drop_in=/etc/postgresql-common/createcluster.d/polmas.conf policy=/usr/sbin/policy-rc.d status=0 had_redis=
  command -v redis-server >/dev/null && had_redis=1
  [[ -e $policy ]] && policy=
  as_root apt-get update -qq || true
  as_root mkdir -p "${drop_in%/*}"
  echo "create_main_cluster = false" | as_root tee "$drop_in" >/dev/null
  [[ ! $policy ]] || { printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null; as_root chmod 755 "$policy"; }
  # shellcheck disable=SC2046
  as_root env DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 apt-get install -y -qq --no-install-recommends \
    -o Dpkg::Use-Pty=0 -o APT::Color=0 $(deploy/packages --missing "$@") >/tmp/polmas-apt.$$ 2>&1 </dev/null || status=$?
  ((status == 0)) || tail -n 20 "/tmp/polmas-apt.$$" >&2
  rm -f "/tmp/polmas-apt.$$"
  as_root rm -f "$drop_in" ${policy:+"$policy"}
  if [[ ! $had_redis && -d /run/systemd/system ]]; then as_root systemctl disable -q redis-server 2>/dev/null || true; fi
  return "$status"
}

# ---- the build: virtual environment, front end, catalogues ------------------------------------------------------------------

# Two scripts of one checkout build one after the other: prepare FUNCTION ARGS... holds the checkout while it runs.
prepare() {
  local hold status=0
  exec {hold}<"$TOP/bin"
  flock "$hold"
  "$@" || status=$?
  exec {hold}<&-
  return "$status"
}

find_python() {
  local python
  for python in python3 /usr/bin/python3; do
    if "$python" -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo "$python"; return; fi
  done
  die "Python 3.11 or newer with its venv module is needed (Debian 12, Ubuntu 24.04 or newer)"
}

# python_packages LOCK...: a virtual environment holding these locks, installed again only when a lock or Python changed.
python_packages() {
  local lock python changed=()
  if ! .venv/bin/python -c '' 2>/dev/null; then
    say "Making the virtual environment .venv"
    python=$(find_python) || exit 1
    quietly "$python" -m venv --clear .venv || die "the virtual environment could not be made"
  fi
  for lock; do
    [[ $(cat ".venv/installed-$lock" 2>/dev/null) == "$(lock_stamp "$lock")" ]] || changed+=("$lock")
  done
  ((${#changed[@]})) || return 0
  say "Installing Python packages: ${changed[*]}"
  quietly .venv/bin/pip install -q --require-hashes "${changed[@]/#/-r}" || die "pip could not install ${changed[*]}"
  for lock in "${changed[@]}"; do lock_stamp "$lock" >".venv/installed-$lock"; done
}

lock_stamp() { echo "$(.venv/bin/python -V) $(checksum "$1")"; }

# Every file that the built front end depends on; templates too, because unused CSS is purged by them.
front_end_sources() {
  find static templates package.json package-lock.json vite.config.js -path static/dist -prune -o -type f -print0 | sort -z
}

front_end() {
  local packages sources
  packages=$(checksum package.json package-lock.json)
  if [[ $(cat node_modules/.polmas-installed 2>/dev/null) != "$packages" ]]; then
    say "Installing front-end packages: package-lock.json"
    quietly npm ci --no-audit --no-fund || die "npm could not install the front-end packages"
    echo "$packages" >node_modules/.polmas-installed
  fi
  sources="$packages $(front_end_sources | xargs -0 sha256sum | sha256sum | cut -c1-16)"
  [[ $(cat static/dist/.polmas-built 2>/dev/null) != "$sources" ]] || return 0
  say "Building the front end"
  quietly npm run --silent build || die "the front end could not be built"
  echo "$sources" >static/dist/.polmas-built
}

catalogues() {
  local po
  for po in locale/*/LC_MESSAGES/*.po; do
    [[ -e $po && ! ${po%.po}.mo -nt $po ]] || continue
    say "Compiling $po"
    quietly msgfmt --check-format -o "${po%.po}.mo" "$po" || die "$po could not be compiled"
  done
}

build() { python_packages "$@" && front_end && catalogues; }

# Copies static files to STATIC_ROOT under hashed names, when they changed since the last time.
collect_static() {
  local stamp="$POLMAS_STATE/static/.polmas-collected" sources
  sources="$(cat static/dist/.polmas-built) $(checksum requirements.txt polmas/static.py polmas/settings.py)"
  [[ $(cat "$stamp" 2>/dev/null) != "$sources" ]] || return 0
  say "Collecting static files"
  quietly python manage.py collectstatic --noinput --clear -v 0 || die "static files could not be collected"
  echo "$sources" >"$stamp"
}

# ---- a private PostgreSQL and a private Redis ---------------------------------------------------------------------------------

# The user that PostgreSQL runs as: it refuses root.
if ((EUID == 0)); then PG_USER=postgres; else PG_USER=$(id -un); fi

# Before a command: runs it as that user, from a directory that it can enter, and ends it by SIGINT (PostgreSQL's fast shutdown)
# when this script dies.
AS_PG=(env -C / setpriv --pdeathsig INT)
if ((EUID == 0)); then AS_PG+=(--reuid=postgres --regid=postgres --init-groups); fi

# The newest PostgreSQL of this machine that has PostGIS; that of the data when they exist.
pg_bin() {
  local data=$1 bin version
  for bin in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV); do
    version=${bin%/bin}; version=${version##*/}
    [[ -x $bin/postgres && -e /usr/share/postgresql/$version/extension/postgis.control ]] || continue
    if [[ -d $data ]] && ! "${AS_PG[@]}" grep -qx "$version" "$data/PG_VERSION"; then continue; fi
    echo "$bin"
    return
  done
  [[ ! -d $data ]] || die "the data in $data were written by PostgreSQL $("${AS_PG[@]}" cat "$data/PG_VERSION"), which is not installed with PostGIS.
        Install that version, or move the data over as docs/operations.md says"
  die "no PostgreSQL with PostGIS was found under /usr/lib/postgresql"
}

# make_cluster BIN DATA: under another name first, so that one that was interrupted is never taken for a whole one.
make_cluster() {
  local bin=$1 data=$2
  "${AS_PG[@]}" rm -rf "$data.new"
  quietly "${AS_PG[@]}" "$bin/initdb" -D "$data.new" -U postgres -E UTF8 --locale=C.UTF-8 --auth=peer || die "initdb failed"
  printf '%s\n' "local all postgres peer map=owner" "local all all scram-sha-256" | "${AS_PG[@]}" tee "$data.new/pg_hba.conf" >/dev/null
  echo "owner $PG_USER postgres" | "${AS_PG[@]}" tee "$data.new/pg_ident.conf" >/dev/null
  "${AS_PG[@]}" mv "$data.new" "$data"
}

# start_postgres DIR SOCKETS LOG [SETTING...]: the cluster in DIR/data without TCP; its process id in PG_PID, its programs in PG_BIN.
start_postgres() {
  local dir=$1 sockets=$2 log=$3 setting options=()
  shift 3
  for setting in listen_addresses= "unix_socket_directories=$sockets" unix_socket_permissions=0700 \
    shared_buffers=256MB max_wal_size=2GB checkpoint_timeout=15min effective_io_concurrency=0 "$@"; do options+=(-c "$setting"); done
  mkdir -p "$dir" "$sockets"
  if ((EUID == 0)); then chown postgres: "$dir" "$sockets"; fi
  "${AS_PG[@]}" test -w "$dir" -a -w "$sockets" || die "the user $PG_USER can not enter $dir: choose another place with POLMAS_STATE"
  PG_BIN=$(pg_bin "$dir/data") || exit 1
  if [[ ! -d $dir/data ]]; then make_cluster "$PG_BIN" "$dir/data"; fi
  # Whoever gets here holds the state's lock, which every process of an earlier start held too: what is left of it is stale.
  "${AS_PG[@]}" rm -f "$dir/data/postmaster.pid" "$sockets"/.s.PGSQL.*
  set -m
  "${AS_PG[@]}" "$PG_BIN/postgres" -D "$dir/data" "${options[@]}" >>"$log" 2>&1 </dev/null &
  PG_PID=$!
  set +m
  wait_for "$PG_PID" "$PG_BIN/pg_isready" -q -h "$sockets" || { tail -n 20 "$log" >&2; die "PostgreSQL did not start"; }
}

# make_database SOCKETS PASSWORD: the role and the database polmas. Repeatable. The role is no superuser, so PostGIS is put into
# the template, from which test databases are made as well.
make_database() {
  PASSWORD=$2 "${AS_PG[@]}" "$PG_BIN/psql" -X -q -v ON_ERROR_STOP=1 -h "$1" -U postgres -d template1 >/dev/null <<'SQL'
\getenv password PASSWORD
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS postgis;
SELECT 'CREATE ROLE polmas LOGIN CREATEDB' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'polmas') \gexec
ALTER ROLE polmas PASSWORD :'password';
SELECT 'CREATE DATABASE polmas OWNER polmas' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'polmas') \gexec
SQL
}

# start_redis DIR SOCKET LOG [OPTION...]: a Redis on a socket file alone, whose queue survives a restart; its process id in REDIS_PID.
start_redis() {
  local dir=$1 socket=$2 log=$3
  shift 3
  mkdir -pm 700 "$dir"
  set -m
  setpriv --pdeathsig TERM redis-server --port 0 --unixsocket "$socket" --unixsocketperm 700 --dir "$dir" --daemonize no \
    --appendonly yes --save "" --maxmemory-policy noeviction "$@" >>"$log" 2>&1 </dev/null &
  REDIS_PID=$!
  set +m
  wait_for "$REDIS_PID" redis-cli -e -s "$socket" ping || { tail -n 20 "$log" >&2; die "Redis did not start"; }
}

# wait_for PID COMMAND...: until the command succeeds (30 seconds at most) or the process is gone.
wait_for() {
  local pid=$1 _
  shift
  for _ in {1..300}; do
    if "$@" >/dev/null 2>&1; then return 0; fi
    alive "$pid" || return 1
    sleep 0.1
  done
  return 1
}

alive() { kill -0 "$1" 2>/dev/null; }

# end SECONDS PID...: until all have ended. What is left after the time is killed with all that it started.
end() {
  local tries=$(($1 * 10)) pid left
  shift
  while :; do
    left=()
    for pid; do if alive "$pid"; then left+=("$pid"); fi; done
    ((${#left[@]})) || return 0
    ((tries-- > 0)) || break
    sleep 0.1
  done
  for pid in "${left[@]}"; do kill -KILL -- "-$pid" 2>/dev/null || true; done
}

# Both stores, last of all: Redis writes its log out, PostgreSQL breaks connections off and checkpoints (SIGINT, "fast").
stop_stores() {
  local pids=()
  if [[ ${REDIS_PID:-} ]]; then kill -TERM "$REDIS_PID" 2>/dev/null || true; pids+=("$REDIS_PID"); fi
  if [[ ${PG_PID:-} ]]; then kill -INT "$PG_PID" 2>/dev/null || true; pids+=("$PG_PID"); fi
  ((${#pids[@]} == 0)) || end 5 "${pids[@]}"
}

# ---- a whole set-up that vanishes afterwards: for tests and benchmarks --------------------------------------------------------------

# start_scratch NAME [SETTING...]: builds what is needed and starts a database and a queue of its own in a directory under /tmp;
# all are gone when the script ends. Settings are PostgreSQL's.
start_scratch() {
  SCRATCH=$(mktemp -d "/tmp/$1.XXXXXX")
  shift
  trap 'exit 130' INT TERM HUP
  trap end_scratch EXIT
  need_packages app build stores browser
  prepare build requirements.txt requirements-test.txt requirements-browser.txt
  # Nothing of the caller's own installation reaches in.
  unset DATABASE_URL REDIS_URL SECRET_KEY FIELD_KEYS DEBUG HOST PORT PUBLIC_URL DEMO DEMO_PASSWORD STATIC_ROOT MEDIA_ROOT MAP_TILES_URL PROXY_COUNT LOG_LEVEL
  use_state "$SCRATCH"
  start_postgres "$SCRATCH/postgres" "$SOCKETS/pg" "$SCRATCH/postgres.log" "$@"
  make_database "$SOCKETS/pg" scratch
  start_redis "$SCRATCH/redis" "$SOCKETS/redis.sock" "$SCRATCH/redis.log" --appendonly no
  export SECRET_KEY=only-for-tests DATABASE_URL="postgis://polmas:scratch@/$SOCKETS/pg/polmas" REDIS_URL="unix://$SOCKETS/redis.sock"
  export DJANGO_SETTINGS_MODULE=polmas.settings
  collect_static
}

end_scratch() {
  local status=$?
  trap '' INT TERM HUP
  trap - EXIT
  stop_current
  stop_stores
  rm -rf "$SCRATCH"
  exit "$status"
}
