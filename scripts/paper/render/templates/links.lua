-- After citeproc: a link to code, as a field of a bibliography can bring, is plain words in every form.
-- render/web/harmless.py says the same of HTML.
function Link(link)
  local address = link.target:gsub('[%c%s]', ''):lower()
  if address:match('^javascript:') or address:match('^vbscript:') or address:match('^data:') then
    return pandoc.Span(link.content)
  end
end
