-- After citeproc: the citations of the rest of the book, which told it how to tell works apart, leave the page, and
-- its list keeps the works that the page itself cites. numbering/book_citations.py puts them there.
function Pandoc(doc)
  local own = {}
  for _, key in ipairs(doc.meta['paper-own-works'] or {}) do
    own['ref-' .. pandoc.utils.stringify(key)] = true
  end
  doc.meta['paper-own-works'] = nil
  doc.meta['nocite'] = nil
  return doc:walk {
    Div = function(div)
      if div.classes:includes('paper-book-citations') then
        return {}
      end
      if div.identifier == 'refs' then
        div.content = div.content:filter(function(entry)
          return entry.t ~= 'Div' or not entry.classes:includes('csl-entry') or own[entry.identifier]
        end)
        return div
      end
    end
  }
end
