/**
 * Makes one element like another, in place, so that focus, scroll position and half-written text
 * outlive a change of state. Children are matched by `data-key`, else by place and name.
 */
export function morph(old, next) {
  morphAttributes(old, next)
  const keyed = new Map([...old.children].map((child) => [child.dataset.key, child]))
  let place = old.firstChild
  for (const child of [...next.childNodes]) {
    const match = matchOf(child, place, keyed)
    if (match === null) {
      old.insertBefore(child, place)
      continue
    }
    if (match !== place) old.insertBefore(match, place)
    if (match.nodeType === Node.ELEMENT_NODE) morph(match, child)
    else if (match.nodeValue !== child.nodeValue) match.nodeValue = child.nodeValue
    place = match.nextSibling
  }
  while (place !== null) {
    const after = place.nextSibling
    place.remove()
    place = after
  }
}

function morphAttributes(old, next) {
  for (const { name } of [...old.attributes]) {
    if (!next.hasAttribute(name)) old.removeAttribute(name)
  }
  for (const { name, value } of next.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value)
  }
}

function matchOf(child, place, keyed) {
  const key = child.dataset?.key
  if (key !== undefined) return keyed.get(key) ?? null
  if (place === null || place.nodeName !== child.nodeName) return null
  return place.dataset?.key === undefined ? place : null
}
