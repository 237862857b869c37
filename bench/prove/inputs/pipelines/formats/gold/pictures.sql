SELECT name, bytes, type, sha256
FROM silver.pictures
