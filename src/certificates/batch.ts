// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: what many documents of the same signers have in common, worked out once: certificates read, and their paths
// judged. A verdict is given again only for the very same certificate, anchors, lists, answers, times and demands, of
// which it is a function; signatures of documents are nothing of it.

import type { Bytes } from '../codec/bytes.ts'
import { encodeHex } from '../codec/text.ts'
import { type Certificate, readCertificate } from './certificate.ts'
import { checkPath, type PathInput, type PathVerdict } from './path.ts'

/** Of different ones, in one batch; what is more is worked out anew each time. */
const mostKept = 1024
const mostCertificateBytes = 16 * 1024

export class Batch {
  readonly #certificates = new Map<string, Certificate>()
  readonly #verdicts = new Map<string, Promise<PathVerdict>>()
  readonly #ids = new WeakMap<object, number>()
  #nextId = 0

  /** One object for the same bytes. @throws CertificateError */
  readCertificate(der: Bytes): Certificate {
    if (der.byteLength > mostCertificateBytes) return readCertificate(der)
    const name = encodeHex(der)
    const known = this.#certificates.get(name)
    if (known) return known
    const certificate = readCertificate(der)
    if (this.#certificates.size < mostKept) this.#certificates.set(name, certificate)
    return certificate
  }

  /** As `checkPath`. */
  checkPath(input: PathInput): Promise<PathVerdict> {
    const name = this.#nameOf(input)
    const known = this.#verdicts.get(name)
    if (known) return known
    const verdict = checkPath(input)
    if (this.#verdicts.size < mostKept) this.#verdicts.set(name, verdict)
    return verdict
  }

  /** Snapshots, which nobody writes to, by which of them they are; all else by what it says. */
  #nameOf({ certificate, others, anchors, crls = [], ocsp = [], ...demands }: PathInput): string {
    const held = [[certificate], others, anchors, crls, ocsp]
    return JSON.stringify([held.map((list) => list.map((one) => this.#id(one))), demands])
  }

  #id(one: object): number {
    const id = this.#ids.get(one) ?? this.#nextId++
    this.#ids.set(one, id)
    return id
  }
}
