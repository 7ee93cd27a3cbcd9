/** Bodies that many cases send. */

export const text = { text: 'It is back.' }

export const withToken = (token: string, message: unknown = text) => ({
  recipient: { one_time_notif_token: token },
  message,
})

export const toPerson = (psid: string, message: unknown = text) => ({
  recipient: { id: psid },
  message,
})

export const template = (payload: unknown) => ({ attachment: { type: 'template', payload } })

export const request = (title = 'Tell you?', payload: unknown = 'p', more: object = {}) =>
  template({ template_type: 'one_time_notif_req', title, payload, ...more })

export const button = { type: 'postback', title: 'Yes', payload: 'yes' }
