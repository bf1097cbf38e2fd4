// A worker that opens the messages it is sent, whole and as a stream, with data keys given in clear. Says
// for each what it read, or why it could not.

import { decodeBase64, encodeHex } from '../../src/codec/text.ts'
import {
  buildClient,
  CommitmentPolicy,
  EncryptionSdkError,
} from '../../src/encryption-sdk/index.ts'
import { pieces, throughStream } from '../unit/throughStream.ts'
import { reproducingCmm } from '../vectors/reproducingCmm.ts'

export interface Question {
  readonly message: string
  readonly dataKey: string
  readonly encryptionContext: Record<string, string>
}

/** The plaintext in hex, or the code of the error. */
export interface Answer {
  readonly whole: string
  readonly streamed: string
}

const client = buildClient({ commitmentPolicy: CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT })

async function answer({ message, dataKey, encryptionContext }: Question): Promise<Answer> {
  const bytes = decodeBase64(message)
  const cmm = reproducingCmm(async (materials) => ({
    ...materials,
    plaintextDataKey: decodeBase64(dataKey),
  }))
  const whole = await client.decrypt(cmm, bytes, { encryptionContext }).then(
    ({ plaintext }) => encodeHex(plaintext),
    (error: unknown) => (error instanceof EncryptionSdkError ? error.code : `raw: ${error}`),
  )
  const through = client.decryptStream(cmm, { encryptionContext })
  const { out, code } = await throughStream(through, pieces(bytes, 100))
  return { whole, streamed: code === 'whole' ? encodeHex(out) : code }
}

addEventListener('message', async ({ data }: MessageEvent<readonly Question[]>) => {
  const answers: Answer[] = []
  for (const question of data) answers.push(await answer(question))
  postMessage(answers)
})
