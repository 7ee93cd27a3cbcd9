const PRINTED = '[secret]'
const inspect = Symbol.for('nodejs.util.inspect.custom')

/**
 * Holds a value that must not be printed: string conversion, JSON and the inspector all show
 * `[secret]`. Only `reveal` gives it back, so a search for `reveal` lists every use.
 */
export class Secret<T = string> {
  readonly #value: T

  constructor(value: T) {
    this.#value = value
  }

  reveal(): T {
    return this.#value
  }

  toString(): string {
    return PRINTED
  }

  toJSON(): string {
    return PRINTED
  }

  [inspect](): string {
    return PRINTED
  }
}
