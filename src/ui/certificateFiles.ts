// ui: what the person sees; speaks the protocol like any other client. This file: certificates, requests and lists as
// files for the person.

import { type Certificate, writePem } from '../certificates/index.ts'
import type { Bytes } from '../codec/bytes.ts'
import { fileNameOf } from './certificateForm.ts'
import { download } from './download.ts'

/** RFC 7468: the certificate, then who is above it. */
export function savePem(name: string, chain: readonly Certificate[]): void {
  const text = chain.map(({ der }) => writePem('CERTIFICATE', der)).join('')
  saveText(fileNameOf(name, 'pem'), text)
}

export function saveDer(name: string, { der }: Certificate): void {
  download(fileNameOf(name, 'cer'), new Blob([der], { type: 'application/pkix-cert' }))
}

export function saveRequest(name: string, der: Bytes): void {
  saveText(fileNameOf(name, 'csr'), writePem('CERTIFICATE REQUEST', der))
}

export function saveRevoked(name: string, der: Bytes, form: 'pem' | 'der'): void {
  if (form === 'pem') saveText(fileNameOf(name, 'crl.pem'), writePem('X509 CRL', der))
  else download(fileNameOf(name, 'crl'), new Blob([der], { type: 'application/pkix-crl' }))
}

const saveText = (name: string, text: string): void =>
  download(name, new Blob([text], { type: 'application/x-pem-file' }))
