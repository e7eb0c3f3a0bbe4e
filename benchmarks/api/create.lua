-- The body that every variant gets.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"sku":"SKU-1","title":"A thing","price":12.5,"stock":3,"labels":["new","x"],"maker":{"name":"Maker 1","country":"PT"},"created_at":"2026-01-01T12:00:00Z","text":"What there is to say of it."}'
