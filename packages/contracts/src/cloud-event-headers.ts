/** Headers of a record: CloudEvents 1.0, Kafka binding, binary mode. Few, for each costs time. */
export interface CloudEventHeaders {
  readonly ce_specversion: '1.0'
  readonly ce_id: string
  readonly ce_source: string
  readonly ce_type: string
}

export interface CloudEventInput {
  /** Copy of `eventId`; for a command `pageId:commandId`. */
  readonly id: string
  /** `/otn/<service>`, or `/otn/client/<requestedBy>`. */
  readonly source: string
  /** The fact's or command's type. */
  readonly type: string
}

export function cloudEventHeaders({ id, source, type }: CloudEventInput): CloudEventHeaders {
  return { ce_specversion: '1.0', ce_id: id, ce_source: source, ce_type: type }
}
