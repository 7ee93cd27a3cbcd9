import { runCommand, tryCommand } from './run-command.ts'

const PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin'
/**
 * `copy` is of 2.10, the last that asks for the artifact alone: later ones read its POM and the
 * POM's parent as well, and Apicurio 3.0.9 was published without its parent.
 */
const PLUGIN_VERSIONS = { copy: '2.10', 'copy-dependencies': '3.8.1' } as const
/** Quiet, never asking, and a wrong checksum is an error instead of a warning. */
const FLAGS = ['--batch-mode', '--no-transfer-progress', '--quiet', '--strict-checksums']

export interface MavenGoal {
  readonly purpose: string
  readonly goal: keyof typeof PLUGIN_VERSIONS
  /** Without it the goal runs outside any project. */
  readonly pom?: string
  readonly settings: Readonly<Record<string, string>>
}

/**
 * Runs one goal of Maven's dependency plugin.
 * @throws OTN_ENGINE_FAILED with Maven's own words.
 */
export function runMaven({ purpose, goal, pom, settings }: MavenGoal): Promise<void> {
  const where = pom === undefined ? [] : ['--file', pom]
  const properties = Object.entries(settings).map(([name, value]) => `-D${name}=${value}`)
  return runCommand(purpose, 'mvn', [
    ...FLAGS,
    ...where,
    `${PLUGIN}:${PLUGIN_VERSIONS[goal]}:${goal}`,
    ...properties,
  ])
}

/** Whether Maven is on PATH. */
export async function hasMaven(): Promise<boolean> {
  return (await tryCommand('mvn', ['--version'])).code === 0
}
