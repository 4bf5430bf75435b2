import { makeImage } from './made-image.ts';

/* Has the image made while there is a network: the tests that boot it run where there is none, and name it when it is missing. */
try {
  makeImage();
} catch (error) {
  console.error(`run: no image for the tests: ${(error as Error).message.split('\n')[0]}`);
}
