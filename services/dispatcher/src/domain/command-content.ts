import type { Notify, RequestOptIn } from '@otn/contracts'

/** What a command asks for: a message, or a question whether a person wants one. */
export type CommandContent = NotifyContent | RequestContent

export type NotifyContent = Notify & { readonly asks?: undefined }
export type RequestContent = RequestOptIn & { readonly asks: true }
