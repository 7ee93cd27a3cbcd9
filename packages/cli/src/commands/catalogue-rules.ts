import { inOrder, nameTopic, type TopicNaming, type TopicRuleFields, topicRule } from '@otn/policy'
import { compilePattern } from '@otn/runtime/compile-pattern'
import type { Command } from 'commander'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import type { Style } from '../output/output.ts'
import { table } from '../output/table.ts'
import { withPage } from '../pages/change-page.ts'
import type { PageFact } from '../pages/page-facts.ts'
import { wantedRules } from '../pages/page-facts.ts'
import type { PageOnLog } from '../pages/page-on-log.ts'
import { readRules } from '../pages/topic-entry.ts'
import { usage } from './flags.ts'
import { type Cli, leaf, type Run, runs } from './leaf.ts'
import { readJsonFile } from './read-json-file.ts'

interface RulesFlags {
  readonly page: string
  readonly file?: string
  readonly sample: readonly string[]
  readonly dryRun?: boolean
}

export function addCatalogueRules(parent: Command, cli: Cli): void {
  const command = leaf(parent, {
    usage: 'rules',
    summary: 'which rules name a topic for payloads that are not our own; try them, set them',
    examples: [
      'catalogue rules --page 1000 --sample SALE-2026',
      'catalogue rules --page 1000 --file pages.json --sample SALE-2026 --sample x --dry-run',
      'catalogue rules --page 1000 --file pages.json',
    ],
    remarks:
      'The file: [{ ruleId, kind, pattern, topic, priority }], kind = exact, prefix, regexp\n' +
      '(RE2, found anywhere in the payload) or identity (a payload that is itself a topic).\n' +
      'The lowest priority is asked first. It takes the place of all rules of the page.\n' +
      'Tokens that are held already keep their topic: pnpm otn token assign.',
  })
  command
    .requiredOption('--page <id>', 'page id')
    .option('--file <file>', 'rules that take the place of those of the page')
    .option('--sample <payload>', 'show which topic it gets; again for more', collect, [])
    .option('--dry-run', 'show what the file would change, and publish nothing')
  runs<RulesFlags>(command, { cli, reaches: ['kafka', 'registry'], run: rules })
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value]
}

async function rules(flags: RulesFlags, run: Run): Promise<ExitCode> {
  const { file, dryRun = false } = flags
  if (dryRun && file === undefined) {
    throw usage('--file', { got: 'nothing', wanted: 'the rules to be tried, with --dry-run' })
  }
  const wanted = file === undefined ? null : readRules(readJsonFile(file, run.shell))
  return withPage(flags.page, run, async ({ pageId, page, publish }) => {
    const isSetting = wanted !== null && !dryRun
    const fact = isSetting ? await publish(wantedRules(wanted)) : null
    const shown = { flags, page, wanted, fact, isSetting }
    run.output.data({ pageId, ...answerOf(shown) }, (style) => linesOf(shown, style))
    for (const topic of undeclaredIn(wanted ?? page.rules, page)) {
      run.output.say(`topic ${topic} is not declared: pnpm otn catalogue declare`)
    }
    run.output.next(
      dryRun
        ? `pnpm otn catalogue rules --page ${pageId} --file ${file}`
        : `pnpm otn catalogue list --page ${pageId}`,
    )
    return exitCodes.ok
  })
}

interface Shown {
  readonly flags: RulesFlags
  readonly page: PageOnLog
  /** The rules of the file; null where none is given. */
  readonly wanted: readonly TopicRuleFields[] | null
  readonly fact: PageFact | null
  readonly isSetting: boolean
}

function answerOf({ flags, page, wanted, fact }: Shown) {
  const { rulesVersion } = page
  const [before, after] = [namingBy(page.rules), namingBy(wanted ?? page.rules)]
  return {
    rulesVersion: fact?.rulesVersion ?? rulesVersion,
    published: fact !== null,
    rules: wanted ?? page.rules,
    changes: wanted === null ? [] : changesOf(page.rules, wanted),
    samples: flags.sample.map((payload) => {
      return { payload, before: before(payload), after: after(payload) }
    }),
  }
}

function linesOf(shown: Shown, style: Style): readonly string[] {
  const { rulesVersion, published, changes, samples } = answerOf(shown)
  const lines = changes.map(({ ruleId, change }) => [change, ruleId])
  const said = published
    ? [style.marked('good', `version ${rulesVersion} published`)]
    : [shown.isSetting ? 'nothing to change' : `version ${rulesVersion} stands`]
  const tried = samples.map((one) => [one.payload, textOf(one.before), textOf(one.after)])
  return [
    ...said,
    ...(lines.length === 0 ? [] : boldHead(table(['change', 'rule'], lines), style)),
    ...(tried.length === 0 ? [] : boldHead(table(['payload', 'before', 'after'], tried), style)),
  ]
}

function boldHead([head = '', ...lines]: readonly string[], style: Style): readonly string[] {
  return [style.bold(head), ...lines]
}

function textOf({ topic, topicRule: rule }: TopicNaming): string {
  return topic === null ? 'unmapped' : `${topic} (${rule})`
}

/** As the ingress decides it: the same rules, the same engine. */
function namingBy(list: readonly TopicRuleFields[]): (payload: string) => TopicNaming {
  const made = inOrder(list.flatMap((fields) => topicRule(fields, compilePattern) ?? []))
  return (payload) => nameTopic(payload, made)
}

interface RuleChange {
  readonly ruleId: string
  readonly change: 'added' | 'changed' | 'removed'
}

function changesOf(
  before: readonly TopicRuleFields[],
  after: readonly TopicRuleFields[],
): readonly RuleChange[] {
  const known = new Map(before.map((rule) => [rule.ruleId, JSON.stringify(rule)]))
  const wanted = new Set(after.map(({ ruleId }) => ruleId))
  const told = after.flatMap((rule): readonly RuleChange[] => {
    const { ruleId } = rule
    const text = known.get(ruleId)
    if (text === undefined) return [{ ruleId, change: 'added' }]
    return text === JSON.stringify(rule) ? [] : [{ ruleId, change: 'changed' }]
  })
  const gone = before.filter(({ ruleId }) => !wanted.has(ruleId))
  return [...told, ...gone.map(({ ruleId }): RuleChange => ({ ruleId, change: 'removed' }))]
}

function undeclaredIn(list: readonly TopicRuleFields[], page: PageOnLog): readonly string[] {
  const named = list.flatMap(({ topic }) => topic ?? [])
  return [...new Set(named)].filter((topic) => !page.topics.has(topic)).sort()
}
