-- Runs an author's filters and shortcodes on one chapter for one format, with what filters use of Quarto's Lua API.
-- The environment variable PAPER_FILTERS names a JSON file that extensions.py writes; what there is to tell of the
-- filters goes, one JSON object a line, into the file that it names as "report".
-- The API is documented at https://quarto.org/docs/extensions/lua-api.html

local file = assert(io.open(os.getenv("PAPER_FILTERS"), "r"))
local job = pandoc.json.decode(file:read("a"), false)
file:close()
local report = assert(io.open(job.report, "a"))
local running = ""  -- the filter or shortcode at work
local styles = {}   -- stylesheets that were asked for, each once

local function tell(severity, message)
  report:write(pandoc.json.encode({ severity = severity, filter = running, message = message }), "\n")
end

local function strict(name, members)
  return setmetatable(members, { __index = function(_, key)
    error(name .. "." .. tostring(key) .. " is not known to this engine", 2)
  end })
end

local function read_file(path)
  local handle = io.open(path, "r")
  if not handle then error("the file " .. path .. " does not exist", 2) end
  local text = handle:read("a")
  handle:close()
  return text
end

local function beside(path)
  if pandoc.path.is_absolute(path) then return path end
  return pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), path })
end

-- ---- Quarto's API ---------------------------------------------------------------------------------------------

local families = {
  html = { html = true, html4 = true, html5 = true, ["html:js"] = true },
  typst = { typst = true },
  docx = { docx = true, openxml = true },
  epub = { epub = true, epub2 = true, epub3 = true, html = true, html4 = true, html5 = true },
  jats = { jats = true, jats_archiving = true, jats_publishing = true, jats_articleauthoring = true },
}

local function is_format(name) return families[job.form][name] == true end
local on_page = job.form == "html" -- an EPUB is HTML, too, without styles and scripts of a page

local function add_style(text)
  if on_page and not styles[text] then
    styles[text] = true
    table.insert(styles, "<style>\n" .. text .. "\n</style>")
  end
end

local function add_html_dependency(dependency)
  if not on_page then return end
  for _, sheet in ipairs(dependency.stylesheets or {}) do
    add_style(read_file(beside(type(sheet) == "table" and sheet.path or sheet)))
  end
  for _, kind in ipairs({ "scripts", "links", "resources", "serviceworkers", "head", "meta" }) do
    if dependency[kind] and next(type(dependency[kind]) == "table" and dependency[kind] or { 1 }) then
      tell("warning", "its HTML dependency " .. tostring(dependency.name) .. " asks for " .. kind
        .. ", which this engine's pages don't load")
    end
  end
end

local function include_text(place, text)
  local style = on_page and text:match("^%s*<style[^>]*>(.*)</style>%s*$")
  if style then return add_style(style) end
  if on_page or not text:match("^%s*[\\<]") then
    tell("warning", "it includes text in " .. tostring(place) .. ", which this engine leaves out")
  end
end

local function as_blocks(value)
  local kind = pandoc.utils.type(value)
  if kind == "Blocks" then return value end
  if kind == "Inlines" then return pandoc.Blocks({ pandoc.Plain(value) }) end
  if kind == "Inline" then return pandoc.Blocks({ pandoc.Plain({ value }) }) end
  if kind == "Block" then return pandoc.Blocks({ value }) end
  if kind == "string" then return pandoc.Blocks({ pandoc.Plain({ pandoc.Str(value) }) }) end
  if value == nil then return pandoc.Blocks({}) end
  return pandoc.Blocks(value)
end

local function as_inlines(value)
  local kind = pandoc.utils.type(value)
  if kind == "Inlines" then return value end
  if kind == "Inline" then return pandoc.Inlines({ value }) end
  if kind == "string" then return pandoc.Inlines(value) end
  if value == nil then return pandoc.Inlines({}) end
  return pandoc.utils.blocks_to_inlines(as_blocks(value))
end

local function attributes_of(given, names)
  local kept = {}
  for _, name in ipairs(names) do
    if given[name] ~= nil then kept[name] = tostring(given[name]) end
  end
  return kept
end

local function callout(given)
  local content = as_blocks(given.content)
  local title = as_inlines(given.title)
  if #title > 0 then content:insert(1, pandoc.Header(2, title)) end
  local attributes = attributes_of(given, { "appearance", "collapse", "icon" })
  local identifier = given.id or (given.attr and given.attr.identifier) or ""
  return pandoc.Div(content, pandoc.Attr(identifier, { "callout-" .. (given.type or "note") }, attributes))
end

local function tabset(given)
  local content = pandoc.Blocks({})
  for _, tab in ipairs(given.tabs or {}) do
    content:insert(pandoc.Header(given.level or 2, as_inlines(tab.title)))
    content:extend(as_blocks(tab.content))
  end
  return pandoc.Div(content, pandoc.Attr("", { "panel-tabset" }))
end

local function float_ref_target(given)
  local content = as_blocks(given.content)
  local caption = as_inlines(given.caption_long or given.caption)
  if #caption > 0 then content:insert(pandoc.Para(caption)) end
  return pandoc.Div(content, pandoc.Attr(given.identifier or "", given.classes or {}, given.attributes or {}))
end

local function theorem(given)
  local content = as_blocks(given.div and given.div.content or given.content)
  local name = as_inlines(given.name)
  if #name > 0 then content:insert(1, pandoc.Header(2, name)) end
  return pandoc.Div(content, pandoc.Attr(given.identifier or given.id or ""))
end

local function lookup(values, dotted)
  for key in tostring(dotted):gmatch("[^.]+") do
    if type(values) ~= "table" then return nil end
    values = values[key] or values[tonumber(key) or key]
  end
  return values
end

local function dump(value) return pandoc.utils.type(value) .. ": " .. tostring(value) end

local function log(severity)
  return function(...)
    local words = {}
    for _, word in ipairs({ ... }) do
      local plain = type(word) == "table" or type(word) == "userdata"
      table.insert(words, plain and dump(word) or tostring(word))
    end
    if severity then tell(severity, table.concat(words, " ")) end
  end
end

quarto = strict("quarto", {
  version = pandoc.types.Version(job.version),
  doc = strict("quarto.doc", {
    is_format = is_format, isFormat = is_format,
    is_output_format = is_format,
    has_bootstrap = function() return on_page end,
    has_feature = function() return false end,
    is_filter_active = function() return false end,
    add_html_dependency = add_html_dependency, addHtmlDependency = add_html_dependency,
    attach_to_dependency = function(name) tell("warning", "it adds files to the HTML dependency " .. tostring(name)
      .. ", which this engine's pages don't load") end,
    use_latex_package = function() end, useLatexPackage = function() end,
    add_format_resource = function() end, add_supporting = function() end,
    add_resource = function() end, addFormatResource = function() end,
    include_text = include_text, includeText = include_text,
    include_file = function(place, path) include_text(place, read_file(beside(path))) end,
    cite_method = function() return "citeproc" end,
    pdf_engine = function() return "typst" end,
    input_file = job.input, output_file = job.output, project_output_file = function() return job.output end,
    language = job.language or {},
    crossref = {},
  }),
  log = strict("quarto.log", {
    output = log(nil), debug = log(nil), info = log(nil), trace = log(nil), temp = log(nil),
    warning = log("warning"), error = log("error"), loglevel = 0,
  }),
  utils = strict("quarto.utils", {
    resolve_path = beside,
    resolve_path_relative_to_document = function(path)
      if pandoc.path.is_absolute(path) then return path end
      return pandoc.path.join({ pandoc.path.directory(job.input), path })
    end,
    string_to_blocks = function(text) return pandoc.read(text, "markdown").blocks end,
    string_to_inlines = function(text)
      return pandoc.utils.blocks_to_inlines(pandoc.read(text, "markdown").blocks)
    end,
    as_inlines = as_inlines, as_blocks = as_blocks, dump = dump,
    type = pandoc.utils.type,
    is_empty_node = function(node) return not node or not node.content or #node.content == 0 end,
    table = strict("quarto.utils.table", {
      isarray = function(value) return type(value) == "table" and (#value > 0 or next(value) == nil) end,
      contains = function(list, wanted)
        for _, item in ipairs(list) do if item == wanted then return true end end
        return false
      end,
      sortedPairs = function(values)
        local keys = {}
        for key in pairs(values) do table.insert(keys, key) end
        table.sort(keys, function(a, b) return tostring(a) < tostring(b) end)
        local at = 0
        return function() at = at + 1; if keys[at] then return keys[at], values[keys[at]] end end
      end,
    }),
  }),
  json = { decode = function(text) return pandoc.json.decode(text, false) end, encode = pandoc.json.encode },
  metadata = strict("quarto.metadata", { get = function(name) return lookup(job.doc_meta, name) end }),
  variables = strict("quarto.variables", { get = function(name) return lookup(job.variables, name) end }),
  project = strict("quarto.project", {
    directory = job.root, offset = job.offset, output_directory = job.out, profile = pandoc.List(job.profile),
  }),
  config = strict("quarto.config", { version = function() return pandoc.types.Version(job.version) end }),
  format = strict("quarto.format", {
    is_format = is_format,
    is_html_output = function() return is_format("html") end, isHtmlOutput = function() return is_format("html") end,
    is_latex_output = function() return false end, isLatexOutput = function() return false end,
    is_typst_output = function() return is_format("typst") end, is_docx_output = function() return is_format("docx") end,
    is_raw_typst = function(raw) return raw.format == "typst" end, is_raw_html = function(raw) return raw.format == "html" end,
    is_revealjs_output = function() return false end, is_epub_output = function() return is_format("epub") end,
    typst = {},
  }),
  shortcode = strict("quarto.shortcode", {
    read_arg = function(args, at) return args[at or 1] and pandoc.utils.stringify(args[at or 1]) end,
    error_output = function(name, message)
      tell("error", "the shortcode " .. tostring(name) .. ": " .. pandoc.utils.stringify(message))
      return pandoc.Strong({ pandoc.Str("?" .. tostring(name)) })
    end,
  }),
  Callout = callout, Tabset = tabset, Tab = function(tab) return tab end,
  FloatRefTarget = float_ref_target, Theorem = theorem,
})

-- ---- filters --------------------------------------------------------------------------------------------------

local own_names = {
  "FloatRefTarget", "Tabset", "Theorem", "Proof", "ConditionalBlock", "PanelLayout", "Shortcode", "DecoratedCodeBlock",
  "CrossrefFloat", "HtmlTag", "LayoutPanel",
}
local function is_element(name) return type(name) == "string" and (name:match("^[A-Z]%w+$") ~= nil) end

-- Quarto gives a filter its callouts as tables with type, title and content.
local function on_callouts(doc, handler)
  return doc:walk({ Div = function(div)
    local kind = nil
    for _, class in ipairs(div.classes) do kind = kind or class:match("^callout%-(%l+)$") end
    if not kind then return nil end
    local content, title = div.content:clone(), pandoc.Inlines({})
    if div.attributes.title then
      title = quarto.utils.string_to_inlines(div.attributes.title)
    elseif content[1] and content[1].t == "Header" then
      title = content:remove(1).content
    end
    local given = { t = "Callout", type = kind, title = title, content = content, attr = div.attr, id = div.identifier,
      appearance = div.attributes.appearance, icon = div.attributes.icon, collapse = div.attributes.collapse }
    local made = handler(given)
    if made == nil then return nil end
    return made == given and callout(given) or made
  end })
end

local function apply(doc, filter)
  if filter.Callout then doc = on_callouts(doc, filter.Callout) end
  for _, name in ipairs(own_names) do
    if rawget(filter, name) then
      tell("warning", "it changes Quarto's own element " .. name .. ", which this engine gives no filter")
    end
  end
  return doc:walk(filter)
end

local function environment(path)
  PANDOC_SCRIPT_FILE = path
  local folder = pandoc.path.directory(path)
  package.path = folder .. "/?.lua;" .. folder .. "/?/init.lua;" .. job.package_path
  local env = setmetatable({}, { __index = _G })
  env.FORMAT = job.form
  env.PANDOC_SCRIPT_FILE = path
  return env
end
job.package_path = package.path

-- A chunk's own globals, or what it returns.
local function run(entry)
  running = entry.name
  local env = environment(entry.path)
  local chunk, problem = load(read_file(entry.path), "@" .. entry.short, "t", env)
  if not chunk then error(problem, 0) end
  return chunk(), env
end

local function run_filter(doc, entry)
  if entry.kind == "json" then
    running = entry.name
    return pandoc.utils.run_json_filter(doc, entry.command[1], { table.unpack(entry.command, 2) })
  end
  local result, env = run(entry)
  if result == nil then
    local filter = {}
    for name, handler in pairs(env) do
      if is_element(name) and type(handler) == "function" then filter[name] = handler end
    end
    result = { filter }
  elseif #result == 0 then
    result = { result }
  end
  for _, filter in ipairs(result) do doc = apply(doc, filter) end
  return doc
end

-- ---- shortcodes -----------------------------------------------------------------------------------------------

local handlers = {}

local function call(encoded, context)
  local given = pandoc.json.decode((encoded:gsub("%x%x", function(hex) return string.char(tonumber(hex, 16)) end)), false)
  local entry = handlers[given.name]
  if not entry then
    running = given.name
    tell("warning", "no extension defines the shortcode " .. given.name .. ", which is printed as it stands")
    return given.written
  end
  running = entry.name
  PANDOC_SCRIPT_FILE = entry.path
  local args, kwargs = {}, {}
  for _, word in ipairs(given.words) do table.insert(args, pandoc.Inlines(word)) end
  for name, value in pairs(given.named) do kwargs[name] = pandoc.Inlines(value) end
  setmetatable(kwargs, { __index = function() return pandoc.Inlines({}) end })
  return entry.handler(args, kwargs, job.meta, given.words, context)
end

local token = "\u{e000}(%x+)\u{e001}"

local function in_text(text)
  return (text:gsub(token, function(encoded) return pandoc.utils.stringify(call(encoded, "text") or "") end))
end

local function shortcodes(doc)
  local function alone(block)
    local only = #block.content == 1 and block.content[1]
    local encoded = only and only.t == "Str" and only.text:match("^" .. token .. "$")
    if encoded then return as_blocks(call(encoded, "block")) end
  end
  local function code(element)
    if element.text:find("\u{e000}", 1, true) then element.text = in_text(element.text); return element end
  end
  local function attributes(element)
    for name, value in pairs(element.attributes) do
      if value:find("\u{e000}", 1, true) then element.attributes[name] = in_text(value) end
    end
    return element
  end
  doc = doc:walk({ Para = alone, Plain = alone })
  doc = doc:walk({
    Str = function(str)
      if not str.text:find("\u{e000}", 1, true) then return nil end
      local made, rest = pandoc.Inlines({}), str.text
      while true do
        local first, last, encoded = rest:find(token)
        if not first then break end
        if first > 1 then made:insert(pandoc.Str(rest:sub(1, first - 1))) end
        made:extend(as_inlines(call(encoded, "inline")))
        rest = rest:sub(last + 1)
      end
      if rest ~= "" then made:insert(pandoc.Str(rest)) end
      return made
    end,
    Code = code, CodeBlock = code, RawBlock = code, RawInline = code, Math = code,
    Link = function(link) link.target = in_text((link.target:gsub("%%EE%%80%%80", "\u{e000}"):gsub("%%EE%%80%%81", "\u{e001}"))); return attributes(link) end,
    Image = function(image) image.src = in_text((image.src:gsub("%%EE%%80%%80", "\u{e000}"):gsub("%%EE%%80%%81", "\u{e001}"))); return attributes(image) end,
    Div = attributes, Span = attributes,
  })
  return doc
end

function Pandoc(doc)
  job.meta = doc.meta
  for _, entry in ipairs(job.shortcodes) do
    local result, env = run(entry)
    for name, handler in pairs(result or env) do
      if type(handler) == "function" then
        handlers[name] = { handler = handler, path = entry.path, name = entry.name }
      end
    end
  end
  if #job.shortcodes > 0 then doc = shortcodes(doc) end
  for _, entry in ipairs(job.filters) do doc = run_filter(doc, entry) end
  for _, style in ipairs(styles) do doc.blocks:insert(pandoc.RawBlock("html", style)) end
  report:close()
  return doc
end
