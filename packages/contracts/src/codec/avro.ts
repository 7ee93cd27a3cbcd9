import avsc from 'avsc'

/** The part of avsc that we use; `fields` exist because every schema of ours is a record. */
export interface Type {
  readonly fields: readonly {
    readonly name: string
    defaultValue(): unknown
  }[]
  isValid(
    value: unknown,
    options: {
      errorHook: (path: readonly string[]) => void
      noUndeclaredFields: boolean
    },
  ): boolean
  toBuffer(value: unknown): Buffer
  fromBuffer(body: Buffer, resolver?: unknown): Readonly<Record<string, unknown>>
  createResolver(writer: Type): unknown
}

/** Instants stay numbers (ms): avsc leaves logical types alone unless told otherwise. */
export function parse(schema: unknown): Type {
  return avsc.Type.forSchema(schema as avsc.Schema) as unknown as Type
}
