/** What a runner or a template puts in: `…`, `%s`, `%3$s`, `$name`, `$a.b`, `%%`. */
const PUT_IN = /…|%(?:\d+\$)?[sdifjoOc#%]|\$[A-Za-z_][\w.]*/g

/** Source of a regular expression that matches what a written title becomes when it runs. */
export function titlePattern(title: string): string {
  return title
    .split(PUT_IN)
    .map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    .join('[^]*')
}
