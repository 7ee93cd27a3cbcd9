import { type ExitCode, exitCodes } from '../exit-code.ts'
import { callService, type JsonObject, type ServiceDoor } from '../http/call-service.ts'
import { fieldText } from '../output/field-lines.ts'
import { pairs } from '../output/table.ts'
import type { Run } from './leaf.ts'

/** Shows the digest that a service computes over everything it knows. */
export async function showDigest(
  { output, shell }: Run,
  door: Omit<ServiceDoor, 'fetch'>,
): Promise<ExitCode> {
  const path = '/v1/operations/digest'
  const answer = await callService({ ...door, fetch: shell.fetch }, { path })
  output.data(answer, () => digestLines(answer))
  if (answer.atRest === false)
    output.say('not at rest: something is under way, so compare again later')
  return exitCodes.ok
}

/** Positions are for programs; people compare the digest and look where it differs. */
function digestLines({ collections, topics: _topics, ...rest }: JsonObject): readonly string[] {
  const parts = Object.entries(Object(collections)).map(([name, value]) => {
    const { documents, sha256 }: JsonObject = Object(value)
    return [name, `${documents} documents  ${sha256}`] as const
  })
  const plain = Object.entries(rest).map(([name, value]) => [name, fieldText(name, value)] as const)
  return pairs([...plain, ...parts])
}
