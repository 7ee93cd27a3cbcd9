/** Builds an element. A null, false or undefined attribute or child is left out. */
export function h(name, attributes = {}, ...children) {
  const [tag, ...classes] = name.split('.')
  const element = document.createElement(tag)
  if (classes.length > 0) element.className = classes.join(' ')
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue
    element.setAttribute(attribute, value === true ? '' : String(value))
  }
  const present = children.flat().filter((child) => isShown(child))
  element.append(...present)
  return element
}

function isShown(child) {
  return child !== null && child !== undefined && child !== false
}
