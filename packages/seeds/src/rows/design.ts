import type { Requirement } from '../requirement.ts'

/** What the design itself demands. */
export const designRows: readonly Requirement[] = [
  {
    id: 'D-01',
    sentence: 'TypeScript, strict, on the named libraries',
    parts: [],
    owner: 'main job',
    done: ['main job'],
  },
  {
    id: 'D-02',
    sentence: 'The top level holds what the design names',
    parts: [],
    owner: 'main job',
    done: ['main job'],
  },
  {
    id: 'D-03',
    sentence: 'Nothing unverified reaches an events topic',
    parts: ['ING'],
    done: ['pages'],
  },
  {
    id: 'D-04',
    sentence: 'The state of tokens is the fold of the log, byte for byte',
    parts: ['LED'],
    done: ['policy'],
  },
  {
    id: 'D-05',
    sentence: 'Every command ends in at most one final fact',
    parts: ['DSP'],
    done: ['policy'],
  },
  {
    id: 'D-06',
    sentence: 'All records share one catalogue of Avro schemas',
    parts: ['CON'],
    done: ['policy'],
  },
  {
    id: 'D-07',
    sentence: 'Product services publish commands by client or plain Avro',
    parts: ['CON'],
    done: ['policy'],
  },
  {
    id: 'D-08',
    sentence: 'Webhooks enter at the ingress',
    parts: ['ING'],
    done: ['pages'],
  },
  {
    id: 'D-09',
    sentence: 'Anyone with the registry reads every topic, and no secret',
    parts: ['CON'],
    done: ['policy'],
  },
]
