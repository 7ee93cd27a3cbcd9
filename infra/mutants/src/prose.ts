/**
 * A plugin of Stryker's that leaves out what only people read: `meaning`, the sentence of a row of
 * the answer table. No code looks at it, so no test can miss it.
 */
import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin'

declare module '@stryker-mutator/api/ignore' {
  /** As much of Babel's as is looked at. */
  export interface NodePath {
    readonly node: { readonly type: string; readonly key?: { readonly name?: string } }
  }
}

export const strykerPlugins = [
  declareValuePlugin(PluginKind.Ignore, 'prose', {
    shouldIgnore: ({ node }) =>
      node.type === 'ObjectProperty' && node.key?.name === 'meaning'
        ? 'a sentence for people'
        : undefined,
  }),
]
