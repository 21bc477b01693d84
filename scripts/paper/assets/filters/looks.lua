-- What the PDF and the Word file need of Quarto's document once its own filters are done (`at: pre-finalize`); the
-- embedded engine has the same in Python (paper/writers/typst/writer.py, paper/writers/docx.py).

local is_word = FORMAT:match("docx") ~= nil
local is_typst = FORMAT:match("typst") ~= nil

local function text(value) return value and pandoc.utils.stringify(value) or "" end
local function styled(style, content) return pandoc.Div(content, pandoc.Attr("", {}, { ["custom-style"] = style })) end

-- The PDF: claims lead to their evidence, which stands in small type; further works are listed as references are.

local function call(name, blocks)
  local made = pandoc.Blocks({ pandoc.RawBlock("typst", "#" .. name .. "[") })
  made:extend(blocks)
  made:insert(pandoc.RawBlock("typst", "]"))
  return made
end

local function claim(link)
  local id = link.target:match("^#(.+)$")
  if not id or not link.classes:includes("claim") then return nil end
  local made = pandoc.Inlines({ pandoc.RawInline("typst", '#claim(label("' .. id .. '"))[') })
  made:extend(link.content)
  made:insert(pandoc.RawInline("typst", "];"))
  return made
end

local function label(span)
  if not span.classes:includes("claim-label") then return nil end
  local made = pandoc.Inlines({ pandoc.RawInline("typst", "#evidence-label[") })
  made:extend(span.content)
  made:insert(pandoc.RawInline("typst", "]"))
  return made
end

local function called(div)
  if div.classes:includes("further-reading") then return call("listed", div.content) end
  if not div.classes:includes("claim-evidence") then return nil end
  local made = call("evidence", div.content)
  if div.identifier ~= "" then
    made:insert(1, pandoc.RawBlock("typst", "#metadata(none)#label(\"" .. div.identifier .. "\")"))
  end
  return made
end

-- The Word file: pictures are described, floats stand on the page itself and not in a table of one cell, whose edge
-- cuts figures and whose rows don't break, and the title page says who, which version and how far.

local function described(image)
  local words = image.attributes["alt"] or image.attributes["fig-alt"]
  if words then image.caption = pandoc.Inlines(words) end
  return image
end

local function only_cell(tbl)
  if #tbl.head.rows > 0 or #tbl.foot.rows > 0 or #tbl.bodies ~= 1 or #tbl.bodies[1].body ~= 1 then return nil end
  local cells = tbl.bodies[1].body[1].cells
  return #cells == 1 and cells[1].contents or nil
end

local function caption_of(block)
  local first = (block.t == "Para" or block.t == "Plain") and block.content[1]
  if not first or first.t ~= "RawInline" or not first.text:find("ImageCaption", 1, true) then return nil end
  local words = block.content:clone()
  words:remove(1)
  return words
end

local function is_figure(block)
  local shown = (block.t == "Para" or block.t == "Plain") and block.content[1]
  return shown and #block.content == 1 and shown.t == "Image"
end

local function on_the_page(tbl)
  local contents = only_cell(tbl)
  local float = contents and #contents == 1 and contents[1]
  if not float or float.t ~= "Div" or not float.identifier:match("^%a+%-") then return nil end
  local kind = float.identifier:match("^tbl%-") and "Table" or "Image"
  local made = pandoc.Blocks({})
  for _, block in ipairs(float.content) do
    local caption = caption_of(block)
    if caption then
      made:insert(styled(kind .. " Caption", { pandoc.Para(caption) }))
    elseif is_figure(block) then
      made:insert(styled("Captioned Figure", { block }))
    else
      made:insert(block)
    end
  end
  return pandoc.Div(made, pandoc.Attr(float.identifier))
end

local function list(value)
  local kind = value and pandoc.utils.type(value)
  if kind == "List" then return value end
  return value and { value } or {}
end

local function place(affiliation)
  if pandoc.utils.type(affiliation) ~= "table" then return text(affiliation) end
  local parts = {}
  for _, part in ipairs({ "department", "name" }) do
    if text(affiliation[part]) ~= "" then table.insert(parts, text(affiliation[part])) end
  end
  return table.concat(parts, ", ")
end

local function title_page(doc)
  local made = pandoc.Blocks({})
  local function line(style, words)
    if words ~= "" then made:insert(styled(style, { pandoc.Para(pandoc.Inlines(words)) })) end
  end
  local authors = list(doc.meta["by-author"])
  for _, author in ipairs(authors) do
    line("Author", text(author.name and (author.name.literal or author.name)))
    for _, affiliation in ipairs(list(author.affiliations)) do line("Affiliation", place(affiliation)) end
    line("Affiliation", text(author.email))
  end
  if #made > 0 then doc.meta.author = nil end -- pandoc would print it again
  local version = text(doc.meta.version)
  local facts = { text(doc.meta.date), version ~= "" and "Version " .. version or "" }
  line("Date", table.concat(facts, facts[1] ~= "" and facts[2] ~= "" and " · " or ""))
  doc.meta.date = nil
  line("Draft Status", text(doc.meta.status))
  made:extend(doc.blocks)
  doc.blocks = made
  return doc
end

if is_typst then return { { Link = claim, Span = label, Div = called } } end
if is_word then return { { Image = described }, { Table = on_the_page }, { Pandoc = title_page } } end
return {}
