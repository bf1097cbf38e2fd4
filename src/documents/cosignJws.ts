// documents: signed documents of every form, made and verified; pure: runs in plain Node. This file: a further signature
// for a JWS of others, which is general JSON then (RFC 7515 section 7.2.1): only where theirs fit the very payload that is
// signed.

import type { Bytes } from '../codec/bytes.ts'
import { type JwsSigner, signJws } from './jws.ts'
import { type JwsPart, readJwsText } from './jwsText.ts'
import { SigningError } from './signCms.ts'
import { memberOf } from './strictJson.ts'
import { refuse } from './textSignatureError.ts'
import { type JwsProblem, verifyJws } from './verifyJws.ts'

const ofAlteration: ReadonlySet<JwsProblem> = new Set(['signature-mismatch', 'payload-differs'])

/**
 * @param text general or flattened JSON
 * @param apart what they signed, where the text does not hold it
 * @throws SigningError `content-missing`, `altered`; TextSignatureError `not-a-signature`, and as `signJws`
 */
export async function cosignJws(
  text: string,
  signer: JwsSigner,
  apart: Bytes | null,
): Promise<string> {
  const read = readJwsText(text)
  if (typeof read === 'string' || read.form === 'compact') return refuse('not-a-signature')
  const report = await verifyJws(text, apart ? { payload: apart } : {})
  const problems = report.signatures.flatMap((one) => one.problems)
  if (report.problems.length > 0) return refuse('not-a-signature')
  if (problems.some((one) => ofAlteration.has(one))) throw new SigningError('altered')
  if (!report.payload) throw new SigningError('content-missing')
  const unencoded = read.parts.some(isUnencoded)
  const own = await signJws(report.payload, [signer], {
    form: 'general',
    detached: true,
    unencoded,
  })
  const { signatures: added } = JSON.parse(own) as { readonly signatures: readonly unknown[] }
  const payload = read.payload === null ? {} : { payload: read.payload }
  return JSON.stringify({ ...payload, signatures: [...read.parts.map(written), ...added] })
}

/** RFC 7797 section 3: all signatures take the payload alike. */
const isUnencoded = ({ protectedHeader }: JwsPart): boolean =>
  typeof protectedHeader !== 'string' && memberOf(protectedHeader, 'b64') === false

/** As it was: what is signed of it stays as it stands. */
const written = ({ protected: text, unprotectedHeader: header, signature }: JwsPart) => ({
  ...(text === '' ? {} : { protected: text }),
  ...(Object.keys(header).length === 0 ? {} : { header }),
  signature,
})
