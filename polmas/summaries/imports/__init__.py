"""Tables that operators load: read from XLSX, compared with what is stored, shown, applied by a worker in one transaction."""
