import {
  engineAccess,
  type KafkaAcl,
  kafkaAclsOf,
  kafkaTopics,
  mongodbRoleOf,
  type SecuredService,
} from '@otn/contracts'

const SERVICES = Object.keys(engineAccess) as SecuredService[]

/**
 * docs/engine-security.md with the grants and commands of the table; its prose stays as it is.
 * @throws a plain Error where the page has lost the marks between which they stand
 */
export function engineSecurityPage(page: string): string {
  const table = [
    '| service | user | reads | writes | groups | MongoDB |',
    '|--|--|--|--|--|--|',
    ...SERVICES.map(row),
  ]
  const made = SERVICES.map(commands).join('\n').trimEnd()
  return between(between(page, 'grants', table.join('\n')), 'commands', made)
}

function between(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`]
  const [from, to] = [page.indexOf(begin), page.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`docs/engine-security.md lacks ${begin} … ${end}`)
  return `${page.slice(0, from)}${begin}\n${text}\n${page.slice(to)}`
}

function row(service: SecuredService): string {
  const { user, reads, writes } = engineAccess[service]
  const named = (topics: readonly (keyof typeof kafkaTopics)[]) =>
    topics.map((topic) => `\`${kafkaTopics[topic].name}\``).join('<br>')
  const groups = kafkaAclsOf(service)
    .filter(({ resource }) => resource === 'group')
    .map(({ name, pattern }) => `\`${name}${pattern === 'prefixed' ? '*' : ''}\``)
  const role = mongodbRoleOf(service)
  const mongodb = role === null ? 'none' : `\`${role.database}\`: ${role.actions.join(', ')}`
  const cells = [named(reads), named(writes), groups.join('<br>'), mongodb]
  return `| ${service} | \`${user}\` | ${cells.join(' | ')} |`
}

function commands(service: SecuredService): string {
  const { user } = engineAccess[service]
  const alike = Map.groupBy(kafkaAclsOf(service), ({ resource, pattern, operation }) =>
    [resource, pattern, operation].join(),
  )
  const acls = [...alike.values()].map((rules) => aclCommand(user, rules))
  return [`### ${service}`, '', ...fenced('sh', acls), ...mongodbCommands(service)].join('\n')
}

/** Rules that differ in their names alone are made by one command. */
function aclCommand(user: string, rules: readonly KafkaAcl[]): string {
  const [first] = rules
  if (first === undefined) return ''
  const { operation, pattern } = first
  const how = pattern === 'prefixed' ? ' --resource-pattern-type prefixed' : ''
  const names = rules.map(({ resource, name }) => ` \\\n  --${resource} ${name}`)
  const begin = `$acls --add --allow-principal User:${user} --operation ${operation}`
  return `${begin}${how}${names.join('')}`
}

function mongodbCommands(service: SecuredService): readonly string[] {
  const role = mongodbRoleOf(service)
  if (role === null) return []
  const actions = JSON.stringify(role.actions).replaceAll(',', ', ')
  return fenced('js', [
    'db.adminCommand({',
    `  createRole: "${role.role}",`,
    '  privileges: [{',
    `    resource: { db: "${role.database}", collection: "" },`,
    `    actions: ${actions},`,
    '  }],',
    '  roles: [],',
    '})',
    'db.adminCommand({',
    `  createUser: "${role.role}", pwd: passwordPrompt(), roles: ["${role.role}"],`,
    '})',
  ])
}

function fenced(language: string, lines: readonly string[]): readonly string[] {
  return [`\`\`\`${language}`, ...lines, '```', '']
}
