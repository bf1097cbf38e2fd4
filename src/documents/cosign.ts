// documents: signed and encrypted documents, written, read and judged; pure: runs in plain Node.
// This file: a further signature for a CMS message of others: only where theirs fit the very content that is signed.

import { digestNameOf } from '../certificates/algorithms.ts'
import type { Bytes } from '../codec/bytes.ts'
import { equalBytes } from '../codec/bytes.ts'
import { readCms } from './readCms.ts'
import { addSigner, type CmsSigning, SigningError } from './signCms.ts'
import { signedContent } from './signedContent.ts'
import { verifyCms } from './verifyCms.ts'

export interface Cosigned {
  readonly cms: Bytes
  /** Which of its signers is the new one. */
  readonly at: number
}

/**
 * @param message DER or BER
 * @param file what a detached signature is over
 * @throws SigningError `content-missing`, `altered`; CmsError; as `signCms`. Rejects where the file cannot be read
 */
export async function cosign(
  message: Bytes,
  signing: CmsSigning,
  { file, signingTime }: { readonly file: Blob | null; readonly signingTime: Date },
): Promise<Cosigned> {
  const before = readCms(message)
  const name = digestNameOf(signing.signer.algorithm)
  const content = before.content ?? (file && (await signedContent(file, message, [name])))
  if (!content) throw new SigningError('content-missing')
  const { signers } = await verifyCms({ cms: message, content })
  if (signers.some(({ integrity }) => integrity === 'altered')) throw new SigningError('altered')
  const cms = await addSigner(message, signing, { content, signingTime })
  const at = readCms(cms).signers.findIndex(
    ({ der }) => !before.signers.some((one) => equalBytes(one.der, der)),
  )
  return { cms, at }
}
