-- One living pandoc: takes jobs from standard input, one after the other, until that ends.
-- A job is a line with the lengths of its two parts, then the parts: its settings as JSON, the text. The answer is a
-- line with "+" or "-" and a length, then the written document, or what went wrong. paper/tools/pandoc_worker.py asks.

local filters = {}

-- The functions of a filter of ours, loaded once.
local function filter(path)
  if not filters[path] then
    local functions = setmetatable({}, {__index = _G})
    assert(loadfile(path, 't', functions))()
    filters[path] = functions
  end
  return filters[path]
end

local function read_file(path)
  local file <close> = assert(io.open(path, 'rb'))
  return file:read('a')
end

local function template(job)
  if job.template then
    return pandoc.template.compile(read_file(job.template), job.template)
  elseif job.standalone then
    local name = job.to:match('^%w+')
    return pandoc.template.compile(pandoc.template.default(name))
  end
end

local function convert(job, text)
  local sandboxed = job.sandbox and {} or nil
  local doc = pandoc.read(text, job.from, nil, sandboxed)
  for name, value in pairs(job.metadata) do
    doc.meta[name] = type(value) == 'string' and pandoc.MetaString(value) or value
  end
  local works = job.bibliography
  if #works > 0 then
    doc.meta.bibliography = #works == 1 and pandoc.MetaString(works[1]) or pandoc.MetaList(works)
  end
  for _, step in ipairs(job.filters) do
    if step == 'citeproc' then
      doc = pandoc.utils.citeproc(doc)
      -- As pandoc's command line does it: the template else asks Typst for the list that citeproc has made.
      if job.to == 'typst' then job.to = 'typst-citations' end
    else
      local functions = filter(step)
      doc = functions.Pandoc and functions.Pandoc(doc) or doc:walk {Link = functions.Link}
    end
  end
  job.options.template = template(job)
  return pandoc.write(doc, job.to, job.options)
end

-- Messages would be kept for as long as the process lives.
local function quietly(job, text)
  local written
  pandoc.log.silence(function()
    written = pandoc.system.with_working_directory(job.folder, function() return convert(job, text) end)
  end)
  pandoc.mediabag.empty()
  return written
end

local function take(length)
  return length == 0 and '' or io.read(length)  -- io.read(0) would wait for the next job
end

for line in io.lines() do
  local of_settings, of_text = line:match('^(%d+) (%d+)$')
  local settings, text = take(tonumber(of_settings)), take(tonumber(of_text))
  local ok, answer = pcall(quietly, pandoc.json.decode(settings, false), text)
  answer = tostring(answer)
  io.write(ok and '+' or '-', #answer, '\n', answer)
  io.flush()
end
