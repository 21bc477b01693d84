-- What a document keeps in each edition, for Quarto; the embedded engine has the same in Python
-- (scripts/paper/parsing/queries.py and conditions.py).
--
-- Queries, [words]{.query}, ::: {.query} and ## Section {.query}, are said to the author: only the profile `working`
-- shows them, numbered in the margin. when-data="TABLE" and unless-data="TABLE" ask whether that coded table has rows.

local profiles = "," .. (os.getenv("QUARTO_PROFILE") or ""):gsub("%s+", ",") .. ","
local function is_profile(name) return profiles:find("," .. name .. ",", 1, true) ~= nil end
local working = is_profile("working")

-- The project that this file lies in, however deep.
local function exists(path)
  local file = io.open(path)
  if file then file:close() end
  return file ~= nil
end
local root = pandoc.path.directory(PANDOC_SCRIPT_FILE)
for _ = 1, 8 do
  if exists(pandoc.path.join({ root, "data", "datapackage.json" })) then break end
  root = pandoc.path.normalize(pandoc.path.join({ root, ".." }))
end

local function rows(path)
  local file = io.open(path)
  if not file then return nil end
  local count = 0
  for line in file:lines() do
    if line:find("[^%s,]") then count = count + 1 end
  end
  file:close()
  return count > 1
end

local function has_rows(tables)
  for name in tables:gmatch("[%w_]+") do
    local found
    if is_profile("demo") then found = rows(pandoc.path.join({ root, "data", "synthetic", name .. ".csv" })) end
    if found == nil then found = rows(pandoc.path.join({ root, "data", name .. ".csv" })) end
    if found then return true end
  end
  return false
end

local function hidden_by_data(element)
  local when, unless = element.attributes["when-data"], element.attributes["unless-data"]
  local holds = not (when and not has_rows(when)) and not (unless and has_rows(unless))
  if not (when or unless) then return false end
  element.attributes["when-data"], element.attributes["unless-data"] = nil, nil
  return holds == element.classes:includes("content-hidden")
end

local function is_query(element) return element.classes ~= nil and element.classes:includes("query") end
local function is_space(inline) return inline and (inline.t == "Space" or inline.t == "SoftBreak") end
local function ends(inline) return inline and inline.t == "Str" and inline.text:find("^[%.,;:!%?%)%]’”…]") end

-- The outermost queries get their numbers in reading order, notes where they are called.
local number = 0
local function numbered(element)
  if not is_query(element) then return nil end
  if not element.attributes["row"] then
    number = number + 1
    element.attributes["row"] = tostring(number)
  end
  return element, false
end

local function margin(element, content)
  local mark = element.attributes["row"] or "?" -- one within another
  if FORMAT:match("typst") then
    local made = pandoc.Inlines({ pandoc.RawInline("typst", '#query-note("' .. mark .. '")[') })
    made:extend(content)
    made:insert(pandoc.RawInline("typst", "]"))
    return made
  end
  local note = pandoc.Inlines({ pandoc.Strong(mark), pandoc.Space() })
  note:extend(content)
  local classes = FORMAT:match("html") and { "query-note", "column-margin" } or { "query-note" }
  return pandoc.Inlines({ pandoc.Superscript(mark), pandoc.Span(note, pandoc.Attr("", classes)) })
end

local function inlines(list)
  local made = pandoc.Inlines({})
  for at, inline in ipairs(list) do
    local gone = false
    if inline.t == "Span" then
      if hidden_by_data(inline) then
        gone = true
      elseif is_query(inline) then
        if working then
          made:extend(margin(inline, inline.content))
          goto next
        end
        gone = true
      end
    end
    if gone then
      local after = list[at + 1]
      if is_space(made[#made]) and (after == nil or is_space(after) or ends(after)) then made:remove() end
    elseif #made > 0 or not is_space(inline) then
      made:insert(inline)
    end
    ::next::
  end
  return made
end

local function blocks(list)
  local made, within = pandoc.Blocks({}), 0
  for _, block in ipairs(list) do
    if not working and block.t == "Header" and (within == 0 or block.level <= within) then
      within = is_query(block) and block.level or 0
    end
    local empty = (block.t == "Para" or block.t == "Plain") and #block.content == 0
    if within > 0 or empty or (block.t == "Div" and hidden_by_data(block)) then
      -- left out
    elseif block.t == "Div" and is_query(block) then
      if working then made:insert(pandoc.Para(margin(block, pandoc.utils.blocks_to_inlines(block.content)))) end
    elseif block.t == "BulletList" or block.t == "OrderedList" then
      block.content = block.content:filter(function(item) return #item > 0 end)
      if #block.content > 0 then made:insert(block) end
    else
      made:insert(block)
    end
  end
  return made
end

local function alternative(image)
  local text = image.attributes["fig-alt"]
  if text then image.attributes["fig-alt"] = text:gsub("%s*%[[^%[%]]*%]{%.query}", "") end
  return image
end

local function empty_note(note) if #note.content == 0 then return {} end end

return {
  { traverse = "topdown", Span = numbered, Div = numbered },
  { Inlines = inlines, Blocks = blocks, Image = alternative },
  { Note = empty_note },
}
