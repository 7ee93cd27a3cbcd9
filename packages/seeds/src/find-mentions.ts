/**
 * Finds the ids that test titles carry by reading the sources, so that a test counts although it
 * never ran. Every string with ids in brackets is a title or goes into one: of a test, of a
 * `describe` (which speaks for each test inside), or a row of a table for `test.each`.
 */
import ts from 'typescript'
import { idsIn } from './ids-in.ts'
import { titlePattern } from './title-pattern.ts'

/** One test, or one row of a table of tests, that says it shows a requirement. */
export interface Mention {
  readonly id: string
  /** Relative to the root of the repository. */
  readonly file: string
  readonly line: number
  /** As written; `…` for what is put in when it runs. */
  readonly title: string
  /** Source of a regular expression that the full title of the test matches. */
  readonly pattern: string
}

export interface SourceFile {
  readonly path: string
  readonly text: string
}

const TEST_WORDS = new Set(['test', 'it'])
const GROUP_WORDS = new Set(['describe', 'suite'])
const HOLE = '…'

/** The mentions of one file, in its order. Text that is not TypeScript yields what can be read. */
export function findMentions({ path, text }: SourceFile): readonly Mention[] {
  if (idsIn(text).length === 0) return []
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const mentions: Mention[] = []
  const add = (node: ts.Node, titles: readonly string[]): void => {
    const title = titles.join(' ')
    const line = tree.getLineAndCharacterOfPosition(node.getStart()).line + 1
    const pattern = titles.map(titlePattern).join('[^]*')
    for (const id of idsIn(title)) mentions.push({ id, file: path, line, title, pattern })
  }
  const visit = (node: ts.Node, around: readonly string[]): void => {
    const call = callOf(node)
    if (call === null) {
      const found = textOf(node)
      if (found !== null && idsIn(found).length > 0) add(node, [found])
      else ts.forEachChild(node, (child) => visit(child, around))
      return
    }
    const { word, title } = call
    const titles = title === null ? around : [...around, title]
    if (TEST_WORDS.has(word)) add(node, titles)
    const inside = GROUP_WORDS.has(word) ? titles : around
    ts.forEachChild(node, (child) => {
      if (child !== call.titleNode) visit(child, inside)
    })
  }
  visit(tree, [])
  return mentions
}

interface TestCall {
  readonly word: string
  readonly titleNode: ts.Node
  /** Null where the title is computed: it may be anything. */
  readonly title: string | null
}

/** `test('…')`, `describe.each(rows)('…')`, `test.skipIf(x)('…')`, and their like. */
function callOf(node: ts.Node): TestCall | null {
  if (!ts.isCallExpression(node)) return null
  const [titleNode] = node.arguments
  const word = rootWord(node.expression)
  if (titleNode === undefined || word === null) return null
  if (!TEST_WORDS.has(word) && !GROUP_WORDS.has(word)) return null
  // `test.each(rows)` alone is the table; the call around it has the title.
  if (isTable(node.expression) || !hasBody(node)) return null
  return { word, titleNode, title: textOf(titleNode) }
}

function hasBody({ arguments: given }: ts.CallExpression): boolean {
  return given.length > 1
}

function isTable(callee: ts.Expression): boolean {
  return ts.isPropertyAccessExpression(callee) && ['each', 'for'].includes(callee.name.text)
}

function rootWord(expression: ts.Expression): string | null {
  if (ts.isIdentifier(expression)) return expression.text
  if (ts.isPropertyAccessExpression(expression)) return rootWord(expression.expression)
  if (ts.isCallExpression(expression)) return rootWord(expression.expression)
  if (ts.isTaggedTemplateExpression(expression)) return rootWord(expression.tag)
  return null
}

function textOf(node: ts.Node): string | null {
  if (ts.isStringLiteralLike(node)) return node.text
  if (ts.isTemplateExpression(node)) {
    const rest = node.templateSpans.map(({ literal }) => `${HOLE}${literal.text}`)
    return node.head.text + rest.join('')
  }
  const isSum = ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken
  return isSum ? `${textOf(node.left) ?? HOLE}${textOf(node.right) ?? HOLE}` : null
}
