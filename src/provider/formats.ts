// provider: what a web page holds. This file: the part that comes on first need, since most pages never need
// it: the format of messages, for large data, and the reading of texts.
//
// The background runs it in a document whose provider asked for it (gate/documents). It hands itself over by
// one event that the provider listens to just then. A page may listen as well: it is code that anybody can
// read, and holds nothing.

import { decryptLarge, encryptLarge } from './bulk.ts'
import { formatsEvent } from './onNeed.ts'
import { messagesIn } from './texts.ts'

const formats = { messagesIn, encryptLarge, decryptLarge }

export type Formats = typeof formats

export function handOverFormats(): void {
  dispatchEvent(new CustomEvent(formatsEvent, { detail: formats }))
}
