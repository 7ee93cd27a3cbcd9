import type { RecordName } from '../generated/records.ts'

/** Which number stands for which schema in this deployment. */
export interface SchemaIds {
  /** Id under which this build writes a record. */
  idOf(record: RecordName): number
  /** The schema of an id, as parsed JSON; null where it is not known yet. */
  schemaOf(schemaId: number): unknown
  /** Asks the registry for an id. False = no such id (404). @throws OTN_REGISTRY_UNREACHABLE */
  learn(schemaId: number): Promise<boolean>
}
