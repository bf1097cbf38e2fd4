// protocol: the contract every context speaks. This file: the names of drafts of messages. Each is for one site, so
// that nothing meant for one stands in a window for another; a site has several, one for each window that is open.

const mark = 'message '
const mostWindows = 8

/** @param origin empty for a message that is for no field of a page */
export const messageForms = (origin: string): readonly string[] =>
  Array.from({ length: mostWindows }, (_, at) => messageFormOf(`${at} ${origin}`))

export const messageFormOf = (name: string): string => mark + name

export const isMessageForm = (form: string): boolean => form.startsWith(mark)
