export { UPSTREAM_PAYLOAD_SIZE } from './payload-size.ts';
