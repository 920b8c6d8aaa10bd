export { certificateKeyPair, type CertificateRequest, issueCertificate } from './certificate.js';
