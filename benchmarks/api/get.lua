-- Asks for documents at random; the file that KEYS names has an id a line.
local keys = {}
for line in io.lines(os.getenv("KEYS")) do
  keys[#keys + 1] = line
end

request = function()
  return wrk.format("GET", wrk.path .. "/" .. keys[math.random(#keys)])
end
