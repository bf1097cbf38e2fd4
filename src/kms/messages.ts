import type { Handler } from '../hsm/context.ts'
export const encryptMessage: Handler<'keyhearth:EncryptMessage'> = async () => {
  throw new Error('later')
}
export const decryptMessage: Handler<'keyhearth:DecryptMessage'> = async () => {
  throw new Error('later')
}
