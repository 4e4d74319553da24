import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  NETWORK_NAMES,
  networkNamed,
  PRODUCT_NETWORKS,
  productNetworkNamed,
} from '../../../training/src/models/networks.ts';

test('the product runs resnet18 and lite; all networks can be trained', () => {
  assert.deepEqual(PRODUCT_NETWORKS, ['resnet18', 'lite']);
  assert.deepEqual(NETWORK_NAMES, ['resnet18', 'lite', 'nose', 'face58', 'resnet18-linear']);
  for (const name of NETWORK_NAMES) assert.ok(networkNamed(name), name);
  for (const name of PRODUCT_NETWORKS) assert.ok(productNetworkNamed(name), name);
});

test('an unknown name is answered by those that there are, a network that is no product’s by those that are', () => {
  assert.throws(() => networkNamed('resnet'), /"resnet".*resnet18, lite, nose, face58, resnet18-linear/);
  assert.throws(() => productNetworkNamed('constructor'), /unknown network/);
  assert.throws(() => productNetworkNamed('face58'), /It runs: resnet18, lite/);
});
