// documents: signed and encrypted documents, written, read and judged; pure: runs in plain Node.
// This file: what was signed, as its bytes or, where there are many, as the digests that its signers want.

import { readDigestAlgorithm } from '../certificates/algorithms.ts'
import { type Bytes, concatBytes } from '../codec/bytes.ts'
import { DerError, onlyElement } from '../codec/der.ts'
import { type ContentDigestName, type ContentDigests, digestStream } from './contentDigests.ts'
import { readCms } from './readCms.ts'

/** Up to here it is held as a whole, as signatures without signed attributes need it (RFC 5652 section 5.4). */
const mostHeldBytes = 64 * 1024 * 1024

/**
 * @param source a file, or the pieces of one that are signed
 * @param cms the message whose signers say what digests they want
 * @param more digests that are wanted besides
 * @throws CmsError; rejects where the file cannot be read
 */
export async function signedContent(
  source: Blob | readonly Bytes[],
  cms: Bytes,
  more: readonly ContentDigestName[] = [],
): Promise<Bytes | ContentDigests> {
  if (source instanceof Blob && source.size <= mostHeldBytes) {
    return new Uint8Array(await source.arrayBuffer())
  }
  const wanted = [...new Set([...digestsWanted(cms), ...more])]
  if (source instanceof Blob) return digestStream(source.stream(), wanted)
  const bytes = source.reduce((sum, piece) => sum + piece.byteLength, 0)
  if (bytes <= mostHeldBytes) return concatBytes(...source)
  return digestStream(streamOf(source), wanted)
}

function digestsWanted(cms: Bytes): readonly ContentDigestName[] {
  const names = new Set<ContentDigestName>()
  for (const { digestAlgorithm } of readCms(cms).signers) {
    const name = nameOf(digestAlgorithm.der)
    if (name && name !== 'MD5' && name !== 'SHA-224') names.add(name)
  }
  return [...names]
}

function nameOf(der: Bytes): ReturnType<typeof readDigestAlgorithm> {
  try {
    return readDigestAlgorithm(onlyElement(der))
  } catch (error) {
    if (error instanceof DerError) return null
    throw error
  }
}

const streamOf = (pieces: readonly Bytes[]): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece)
      controller.close()
    },
  })
