"""Talks to the server as a Python client does: grpcio, and messages that protoc made of client.proto and serving.proto."""

import struct
import sys
import threading

import grpc
from google.protobuf import descriptor_pb2

address, messages_folder = sys.argv[1], sys.argv[2]
sys.path.insert(0, messages_folder)
import client_pb2 as v2  # noqa: E402
import serving_pb2 as tf  # noqa: E402

SERVICE = "/inference.GRPCInferenceService/"
UNLIMITED = [("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)]
channel = grpc.insecure_channel(address, options=UNLIMITED)


def unary(path, request, response, through=channel):
    return through.unary_unary(path, request_serializer=request.SerializeToString, response_deserializer=response.FromString)


infer = unary(SERVICE + "ModelInfer", v2.ModelInferRequest, v2.ModelInferResponse)
stream = channel.stream_stream(
    SERVICE + "ModelStreamInfer",
    request_serializer=v2.ModelInferRequest.SerializeToString,
    response_deserializer=v2.ModelStreamInferResponse.FromString,
)


def request(data, shape, datatype="FP32", model="echo", id=""):
    message = v2.ModelInferRequest(model_name=model, id=id)
    message.inputs.add(name="x", datatype=datatype, shape=shape)
    message.raw_input_contents.append(data)
    return message


def fails(call, code):
    try:
        call()
    except grpc.RpcError as error:
        assert error.code() == code, f"expected {code}, got {error.code()}: {error.details()}"
        return error
    raise AssertionError(f"expected {code}, got an answer")


def raw_and_typed_contents():
    data = struct.pack("<2f", 1.0, -2.5)
    answer = infer(request(data, [1, 2], id="7"))
    assert (answer.model_name, answer.model_version, answer.id) == ("echo", "1", "7"), answer
    assert answer.raw_output_contents[0] == data and list(answer.outputs[0].shape) == [1, 2], answer
    typed = v2.ModelInferRequest(model_name="echo")
    tensor = typed.inputs.add(name="x", datatype="INT64", shape=[3])
    tensor.contents.int64_contents.extend([1, -1, 300])
    assert struct.unpack("<3q", infer(typed).raw_output_contents[0]) == (1, -1, 300)


def errors():
    error = fails(lambda: infer(request(b"\0" * 4, [1], model="nöpe")), grpc.StatusCode.NOT_FOUND)
    assert "nöpe" in error.details(), error.details()
    fails(lambda: infer(request(b"\0" * 3, [1])), grpc.StatusCode.INVALID_ARGUMENT)
    absent = unary(SERVICE + "NotThere", v2.ServerLiveRequest, v2.ServerLiveResponse)
    fails(lambda: absent(v2.ServerLiveRequest()), grpc.StatusCode.UNIMPLEMENTED)


def deadline():
    fails(lambda: infer(request(b"\0" * 4, [1], model="slow"), timeout=0.2), grpc.StatusCode.DEADLINE_EXCEEDED)


def cancellation():
    future = infer.future(request(b"\0" * 4, [1], model="slow"))
    assert future.cancel()
    assert future.cancelled()
    assert infer(request(b"\0" * 4, [1])).model_name == "echo"


def compression():
    data = b"\0" * 1_000_000
    for algorithm in (grpc.Compression.Gzip, grpc.Compression.Deflate):
        compressed = grpc.insecure_channel(address, options=UNLIMITED, compression=algorithm)
        call = unary(SERVICE + "ModelInfer", v2.ModelInferRequest, v2.ModelInferResponse, compressed)
        assert call(request(data, [250_000])).raw_output_contents[0] == data
        compressed.close()


def ten_in_flight():
    sent = [request(struct.pack("<f", i), [1], id=str(i)) for i in range(10)]
    answers = list(stream(iter(sent)))
    assert [answer.infer_response.id for answer in answers] == [str(i) for i in range(10)], answers
    assert all(answer.infer_response.parameters["triton_final_response"].bool_param for answer in answers)


def error_in_stream():
    answers = list(stream(iter([request(b"\0" * 4, [1], model="none", id="bad"), request(b"\0" * 4, [1], id="good")])))
    assert answers[0].error_message and answers[0].infer_response.id == "bad", answers
    assert not answers[1].error_message and answers[1].infer_response.id == "good", answers


def big_message():
    data = bytes(64 << 20)
    assert infer(request(data, [len(data)], "UINT8")).raw_output_contents[0] == data


def metadata():
    answer = infer(request(b"\0" * 4, [1]), metadata=[("x-request", "a"), ("trace-bin", b"\x00\xff\x01")])
    assert answer.model_name == "echo"


def health():
    check = unary("/grpc.health.v1.Health/Check", tf.HealthCheckRequest, tf.HealthCheckResponse)
    assert check(tf.HealthCheckRequest()).status == 1
    assert check(tf.HealthCheckRequest(service="echo")).status == 1
    fails(lambda: check(tf.HealthCheckRequest(service="nobody")), grpc.StatusCode.NOT_FOUND)
    watch = channel.unary_stream(
        "/grpc.health.v1.Health/Watch",
        request_serializer=tf.HealthCheckRequest.SerializeToString,
        response_deserializer=tf.HealthCheckResponse.FromString,
    )
    watching = watch(tf.HealthCheckRequest())
    assert next(watching).status == 1
    watching.cancel()


def reflection():
    for version in ("v1", "v1alpha"):
        ask = channel.stream_stream(
            f"/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo",
            request_serializer=tf.ReflectionRequest.SerializeToString,
            response_deserializer=tf.ReflectionResponse.FromString,
        )
        questions = [tf.ReflectionRequest(list_services="*"), tf.ReflectionRequest(file_containing_symbol="inference.ModelInferRequest")]
        listed, found = list(ask(iter(questions)))
        names = {service.name for service in listed.list_services_response.service}
        assert {"inference.GRPCInferenceService", "tensorflow.serving.PredictionService", "grpc.health.v1.Health"} <= names, names
        files = [descriptor_pb2.FileDescriptorProto.FromString(f) for f in found.file_descriptor_response.file_descriptor_proto]
        assert any(m.name == "ModelInferRequest" for m in files[0].message_type), files[0]


def tensorflow_predict():
    predict = unary("/tensorflow.serving.PredictionService/Predict", tf.PredictRequest, tf.PredictResponse)
    message = tf.PredictRequest()
    message.model_spec.name = "echo"
    tensor = message.inputs["x"]
    tensor.dtype = 1
    tensor.tensor_shape.dim.add(size=2)
    tensor.tensor_content = struct.pack("<2f", 1.0, 2.0)
    answer = predict(message)
    assert list(answer.outputs["x"].float_val) == [1.0, 2.0] and answer.model_spec.version.value == 1, answer


def many_threads():
    failures = []

    def work():
        try:
            for i in range(50):
                data = struct.pack("<f", i)
                assert infer(request(data, [1])).raw_output_contents[0] == data
        except Exception as failure:  # noqa: BLE001
            failures.append(failure)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures


for part in (raw_and_typed_contents, errors, deadline, cancellation, compression, ten_in_flight, error_in_stream, big_message,
             metadata, health, reflection, tensorflow_predict, many_threads):
    part()
    print("ok", part.__name__, flush=True)
