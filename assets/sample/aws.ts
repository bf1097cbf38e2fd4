// A page that uses AWS's own client: Keyhearth takes the place of the network.

import {
  CreateKeyCommand,
  DecryptCommand,
  EncryptCommand,
  KMSClient,
  type KMSClientConfig,
} from '@aws-sdk/client-kms'
import { connectKeyhearth } from 'keyhearth/page'

const at = <Type extends HTMLElement>(id: string) => document.getElementById(id) as Type
const status = at('status')

async function run(kms: KMSClient): Promise<string> {
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Description: 'Ledger' }))
  const EncryptionContext = { book: '7' }
  const { CiphertextBlob } = await kms.send(
    new EncryptCommand({
      KeyId: KeyMetadata?.Arn,
      Plaintext: new TextEncoder().encode(at<HTMLInputElement>('entry').value),
      EncryptionContext,
    }),
  )
  const { Plaintext } = await kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }))
  return new TextDecoder().decode(Plaintext)
}

at('connect').onclick = async () => {
  const { requestHandler } = await connectKeyhearth(['keys'])
  const kms = new KMSClient({
    region: 'browser-1',
    // The client wants some; nobody reads them. Who asks is the page, as the browser says.
    credentials: { accessKeyId: 'keyhearth', secretAccessKey: 'keyhearth' },
    requestHandler: requestHandler as unknown as NonNullable<KMSClientConfig['requestHandler']>,
  })
  status.textContent = 'Connected.'
  const button = at<HTMLButtonElement>('run')
  button.disabled = false
  button.onclick = async () => {
    try {
      status.textContent = `It says: ${await run(kms)}`
    } catch (error) {
      status.textContent = String(error)
    }
  }
}
