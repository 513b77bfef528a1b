export { Algorithm, Header, type Headers } from './headers.ts'
export { createMac0, type MacAlgorithm, type Verified, verifyMac0 } from './mac0.ts'
export { type CoseSigner, createSign1, type SignAlgorithm, signerOf, verifySign1 } from './sign1.ts'
