-- After citeproc: a link to code, as a field of a bibliography can bring, is plain words in every form.
-- parsing/harmless.py says the same of HTML. A citation without an entry, "**key?**", leads nowhere.
function Link(link)
  local address = link.target:gsub('[%c%s]', ''):lower()
  if address:match('^javascript:') or address:match('^vbscript:') or address:match('^data:') then
    return pandoc.Span(link.content)
  end
  local only = #link.content == 1 and link.content[1]
  if address:match('^#ref%-') and only and only.t == 'Strong' and pandoc.utils.stringify(only):match('%?$') then
    return only
  end
end
