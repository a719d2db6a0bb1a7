// Talks to the server as a Node client does: @grpc/grpc-js, with client.proto loaded at run time.
import assert from 'node:assert/strict';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';

const [address, protoFolder] = process.argv.slice(2);
const options = { keepCase: true, longs: String, defaults: true, oneofs: true, includeDirs: [protoFolder] };
const { inference } = grpc.loadPackageDefinition(loader.loadSync('client.proto', options));
const limits = { 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 };
const client = new inference.GRPCInferenceService(address, grpc.credentials.createInsecure(), limits);

const request = (data, shape, { model = 'echo', id = '', datatype = 'FP32' } = {}) => ({
  model_name: model,
  id,
  inputs: [{ name: 'x', datatype, shape }],
  raw_input_contents: [data],
});

const call = (method, message, { callOptions = {}, metadata = new grpc.Metadata(), through = client } = {}) =>
  new Promise((resolve, reject) => through[method](message, metadata, callOptions, (error, answer) => (error ? reject(error) : resolve(answer))));

const fails = (promise, code) => assert.rejects(promise, (error) => {
  assert.equal(error.code, code, error.message);
  return true;
});

const floats = (...values) => Buffer.from(new Float32Array(values).buffer);

const parts = {
  async unary() {
    const answer = await call('ModelInfer', request(floats(1, -2.5), [1, 2], { id: '7' }));
    assert.deepEqual([answer.model_name, answer.model_version, answer.id], ['echo', '1', '7']);
    assert.deepEqual(answer.raw_output_contents[0], floats(1, -2.5));
    const metadata = await call('ModelMetadata', { name: 'echo' });
    assert.equal(metadata.platform, 'onnxruntime_onnx');
  },
  async errors() {
    await assert.rejects(call('ModelInfer', request(floats(1), [1], { model: 'nöpe' })), (error) => error.code === grpc.status.NOT_FOUND && error.details.includes('nöpe'));
    await fails(call('ModelInfer', request(Buffer.alloc(3), [1])), grpc.status.INVALID_ARGUMENT);
    await fails(call('NotThere', {}), grpc.status.UNIMPLEMENTED);
  },
  async deadline() {
    await fails(call('ModelInfer', request(floats(1), [1], { model: 'slow' }), { callOptions: { deadline: Date.now() + 200 } }), grpc.status.DEADLINE_EXCEEDED);
  },
  async cancellation() {
    await new Promise((resolve, reject) => {
      const running = client.ModelInfer(request(floats(1), [1], { model: 'slow' }), (error) => (error?.code === grpc.status.CANCELLED ? resolve() : reject(error)));
      setImmediate(() => running.cancel());
    });
  },
  async gzip() {
    const compressing = new inference.GRPCInferenceService(
      address, grpc.credentials.createInsecure(), { ...limits, 'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip });
    const data = Buffer.alloc(1_000_000);
    const answer = await call('ModelInfer', request(data, [data.length], { datatype: 'UINT8' }), { through: compressing });
    assert.ok(answer.raw_output_contents[0].equals(data));
    compressing.close();
  },
  async tenInFlight() {
    const ids = await new Promise((resolve, reject) => {
      const got = [];
      const stream = client.ModelStreamInfer();
      stream.on('data', (answer) => got.push(answer.infer_response.id));
      stream.on('end', () => resolve(got));
      stream.on('error', reject);
      for (let i = 0; i < 10; i++) stream.write(request(floats(i), [1], { id: `${i}` }));
      stream.end();
    });
    assert.deepEqual(ids, [...Array(10).keys()].map(String));
  },
  async errorInStream() {
    const answers = await new Promise((resolve, reject) => {
      const got = [];
      const stream = client.ModelStreamInfer();
      stream.on('data', (answer) => got.push(answer));
      stream.on('end', () => resolve(got));
      stream.on('error', reject);
      stream.write(request(floats(1), [1], { model: 'none', id: 'bad' }));
      stream.write(request(floats(1), [1], { id: 'good' }));
      stream.end();
    });
    assert.match(answers[0].error_message, /none/);
    assert.equal(answers[0].infer_response.id, 'bad');
    assert.equal(answers[1].infer_response.id, 'good');
  },
  async bigMessage() {
    const data = Buffer.alloc(64 << 20, 7);
    const answer = await call('ModelInfer', request(data, [data.length], { datatype: 'UINT8' }));
    assert.ok(answer.raw_output_contents[0].equals(data));
  },
  async metadata() {
    const metadata = new grpc.Metadata();
    metadata.set('x-request', 'a');
    metadata.set('trace-bin', Buffer.from([0, 255, 1]));
    assert.equal((await call('ModelInfer', request(floats(1), [1]), { metadata })).model_name, 'echo');
  },
};

for (const [name, part] of Object.entries(parts)) {
  await part();
  console.log('ok', name);
}
client.close();
