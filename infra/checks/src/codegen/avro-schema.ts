/** The part of Avro our schemas use, with the attributes of ours. House rules: kafka-node.md 8. */
export type AvroType =
  | 'string'
  | 'int'
  | 'boolean'
  | 'bytes'
  | { readonly type: 'long'; readonly logicalType: 'timestamp-millis' }

export interface AvroField {
  readonly name: string
  readonly type: AvroType | readonly ['null', AvroType]
  readonly default?: null
  readonly doc: string
  /** Identifies a person or holds what they wrote: masked wherever it is shown. */
  readonly personal?: boolean
  /** Name of the branded type in the kernel. */
  readonly brand?: string
}

export interface AvroRecord {
  readonly type: 'record'
  readonly name: string
  readonly namespace: 'otn'
  readonly doc: string
  /** Value of the field `type` → nullable fields that this variant always carries. */
  readonly variants?: Readonly<Record<string, readonly string[]>>
  readonly fields: readonly AvroField[]
}

export function isNullable(field: AvroField): boolean {
  return Array.isArray(field.type)
}

/** The type of a field without the null of its union. */
export function valueType(field: AvroField): AvroType {
  return Array.isArray(field.type) ? (field.type[1] as AvroType) : (field.type as AvroType)
}
