/** What one requirement is, who builds it, and what its builders say of it. */

/**
 * ING ingress, LED token-ledger, DSP dispatcher, POL policy, CON contracts, GRA Graph client, SIM
 * stand-in for Meta, PAG page registry, CLI command line, CNS console, DOC documentation.
 */
export type Part =
  | 'ING'
  | 'LED'
  | 'DSP'
  | 'POL'
  | 'CON'
  | 'GRA'
  | 'SIM'
  | 'PAG'
  | 'CLI'
  | 'CNS'
  | 'DOC'

/** Pieces of work, in the order they are built. Rows of `later` have their room and no more. */
export const owners = [
  'main job',
  'simulator',
  'spend proof',
  'policy',
  'pages',
  'benchmarks',
  'later',
] as const

export type Owner = (typeof owners)[number]

export interface Requirement {
  /** `S0-…`: the guide; `S1-…`: the FAQ; `D-…`: the design; `U…`: what nobody else has. */
  readonly id: string
  /** What is asked, in our words. */
  readonly sentence: string
  /** Where the guide or the FAQ says so: some of its own words, by which the place is found. */
  readonly quote?: string
  readonly parts: readonly Part[]
  /** Only where the parts do not say it. */
  readonly owner?: Owner
  /** Who says that their share is built; the report holds them to it. */
  readonly done: readonly Owner[]
}

const OWNER_OF_PART: Readonly<Record<Part, Owner | null>> = {
  POL: 'policy',
  LED: 'policy',
  DSP: 'policy',
  CON: 'policy',
  GRA: 'policy',
  PAG: 'pages',
  ING: 'pages',
  CLI: 'pages',
  SIM: null,
  CNS: null,
  DOC: null,
}

/** The first part that is neither stand-in, console nor documentation decides (design 10). */
export function ownerOf({ owner, parts }: Pick<Requirement, 'owner' | 'parts'>): Owner {
  if (owner !== undefined) return owner
  const first = parts.flatMap((part) => OWNER_OF_PART[part] ?? [])[0]
  return first ?? 'later'
}

/** Those who build something of it: its owner, and the simulator for the stand-in's half. */
export function sharersOf(requirement: Pick<Requirement, 'owner' | 'parts'>): readonly Owner[] {
  const owner = ownerOf(requirement)
  const hasOwnHalf = owner === 'simulator' || owner === 'later'
  return requirement.parts.includes('SIM') && !hasOwnHalf ? [owner, 'simulator'] : [owner]
}
