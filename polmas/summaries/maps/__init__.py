"""What the map shows and counts: layers in sight, in groups or singly, by hour, in hot spots; the same for screens, tiles, papers and files."""
