using System.IO.Pipelines;
using Google.Protobuf;
using Slipway.Core;
using Slipway.Protocols.Grpc;
using Slipway.Protocols.OpenInference.Grpc;
using Slipway.Protocols.Protos.Inference;
using Slipway.Protocols.Tests.Grpc;
using InputTensor = Slipway.Protocols.Protos.Inference.ModelInferRequest.Types.InferInputTensor;

namespace Slipway.Protocols.Tests.OpenInference.Grpc;

/// <summary>The hand-written reader and writer against those of the protobuf library.</summary>
public sealed class InferCodecTests
{
    private static readonly TensorDataType[] FixedTypes = [.. Enum.GetValues<TensorDataType>().Where(static type => type.ElementSize() > 0)];

    [Fact]
    public void Random_requests_with_raw_contents_are_read_as_the_library_wrote_them()
    {
        for (int seed = 0; seed < 500; seed++)
        {
            Random random = new(seed);
            ModelInferRequest expected = RandomHead(random);
            foreach (InputTensor input in expected.Inputs)
            {
                TensorDataType type = FixedTypes[random.Next(FixedTypes.Length)];
                input.Datatype = type.ToName();
                byte[] data = new byte[input.Shape.Aggregate(1L, static (product, size) => product * size) * type.ElementSize()];
                random.NextBytes(data);
                if (type == TensorDataType.Bool)
                {
                    data = [.. data.Select(static value => (byte)(value & 1))];
                }

                expected.RawInputContents.Add(ByteString.CopyFrom(data));
            }

            AssertSame(expected, seed, (input, index) => expected.RawInputContents[index].ToByteArray());
        }
    }

    [Fact]
    public void Random_requests_with_typed_contents_are_read_as_the_library_wrote_them()
    {
        for (int seed = 0; seed < 500; seed++)
        {
            Random random = new(seed);
            ModelInferRequest expected = RandomHead(random);
            List<byte[]> data = [];
            foreach (InputTensor input in expected.Inputs)
            {
                data.Add(Fill(input, random));
            }

            AssertSame(expected, seed, (_, index) => data[index]);
        }
    }

    [Fact]
    public void Contents_in_several_parts_are_put_together()
    {
        byte[] first = new InputTensor { Name = "x", Datatype = "INT32", Shape = { 3 }, Contents = new InferTensorContents { IntContents = { 1, 2 } } }.ToByteArray();
        byte[] second = new InputTensor { Contents = new InferTensorContents { IntContents = { 3 } } }.ToByteArray();
        byte[] message = [0x0a, 0x01, (byte)'m', 0x2a, (byte)(first.Length + second.Length), .. first, .. second];
        using Owned request = Read(message);
        Assert.Equal("010000000200000003000000", Convert.ToHexString(request.Tensors[0].Data.Span));
    }

    [Fact]
    public void Tensors_outlive_the_message_and_the_last_one_gives_its_memory_back()
    {
        ModelInferRequest request = ModelInferTests.Request(new TensorShape(8), "UINT8", [1, 2, 3, 4, 5, 6, 7, 8]);
        InputTensor second = request.Inputs[0].Clone();
        second.Name = "y";
        request.Inputs.Add(second);
        request.RawInputContents.Add(ByteString.CopyFrom(8, 7, 6, 5, 4, 3, 2, 1));
        Owned owned = Read(request.ToByteArray());
        owned.Tensors[0].Dispose();
        Assert.Equal("0807060504030201", Convert.ToHexString(owned.Tensors[1].Data.Span));
        owned.Dispose();
    }

    [Fact]
    public async Task Random_responses_are_written_as_the_library_writes_them()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            Random random = new(seed);
            bool streamed = seed % 2 == 1;
            using InferenceResponse response = RandomResponse(random);
            InferResponseMessage message = new(response, response.Outputs, seed % 3 == 0 ? "" : $"id-{seed}-ü", streamed);
            byte[] written = await WriteAsync(message);

            Assert.Equal(message.Length, written.Length);
            IMessage parsed = streamed ? ModelStreamInferResponse.Parser.ParseFrom(written) : ModelInferResponse.Parser.ParseFrom(written);
            Assert.True(written.AsSpan().SequenceEqual(parsed.ToByteArray()), $"seed {seed}");
            ModelInferResponse inner = parsed as ModelInferResponse ?? ((ModelStreamInferResponse)parsed).InferResponse;
            Assert.Equal(response.Outputs.Select(output => Convert.ToHexString(output.Data.Span)), inner.RawOutputContents.Select(raw => Convert.ToHexString(raw.Span)));
            Assert.Equal(response.Outputs.Select(output => output.Shape.Dimensions.ToArray()), inner.Outputs.Select(output => output.Shape.ToArray()));
            Assert.Equal(streamed, inner.Parameters.ContainsKey("triton_final_response"));
        }
    }

    [Theory]
    [InlineData("true")]
    [InlineData("-5")]
    [InlineData("")]
    [InlineData("text")]
    [InlineData("0.5")]
    public async Task Parameters_of_every_kind_are_written_as_the_library_writes_them(string text)
    {
        ParameterValue value = text switch
        {
            "true" => ParameterValue.Of(true),
            "-5" => ParameterValue.Of(-5L),
            "0.5" => ParameterValue.Of(0.5),
            _ => ParameterValue.Of(text),
        };
        using InferenceResponse response = new()
        {
            Servable = Servable(),
            Outputs = [],
            Parameters = new Dictionary<string, ParameterValue> { ["p"] = value },
        };
        byte[] written = await WriteAsync(new InferResponseMessage(response, response.Outputs, "", streamed: false));
        Assert.Equal(ModelInferResponse.Parser.ParseFrom(written).ToByteArray(), written);
    }

    [Fact]
    public void Deeply_nested_unknown_groups_are_refused_and_flat_ones_skipped()
    {
        byte[] request = ModelInferTests.Request(new TensorShape(1), "INT8", [1]).ToByteArray();
        Read([.. request, 0x63, 0x64]).Dispose();
        byte[] deep = [.. request, .. Enumerable.Repeat((byte)0x63, 100_000), .. Enumerable.Repeat((byte)0x64, 100_000)];
        Assert.Equal(ErrorCode.InvalidRequest, Assert.Throws<SlipwayException>(() => Read(deep)).Code);
    }

    [Fact]
    public void More_inputs_than_there_could_be_are_refused()
    {
        byte[] many = [.. Enumerable.Repeat<byte[]>([0x3a, 0x00], 10_000).SelectMany(static entry => entry)];
        Assert.Equal(ErrorCode.InvalidRequest, Assert.Throws<SlipwayException>(() => Read(many)).Code);
    }

    [Fact]
    public void Damaged_requests_are_refused_and_never_crash()
    {
        byte[] seedMessage = ModelInferTests.Request(new TensorShape(2, 4), "INT16", new byte[16], "some-id").ToByteArray();
        Random random = new(11);
        int refused = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] message = [.. seedMessage];
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                message[random.Next(message.Length)] = (byte)random.Next(256);
            }

            try
            {
                Read(message[..random.Next(message.Length + 1)]).Dispose();
            }
            catch (SlipwayException failure) when (failure.Code is ErrorCode.InvalidRequest or ErrorCode.ShapeMismatch or ErrorCode.NotSupported or ErrorCode.PayloadTooLarge)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 10_000, 20_000);
    }

    private static void AssertSame(ModelInferRequest expected, int seed, Func<InputTensor, int, byte[]> dataOf)
    {
        using Owned read = Read(expected.ToByteArray());
        Assert.Equal((expected.ModelName, expected.ModelVersion, expected.Id), (read.Fields.ModelName, read.Fields.ModelVersion, read.Fields.Id));
        Assert.Equal(expected.Outputs.Select(static output => output.Name), read.Fields.Outputs);
        Assert.Equal(expected.Parameters.Keys.Order(StringComparer.Ordinal), read.Fields.Parameters.Custom.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(expected.Inputs.Count, read.Tensors.Length);
        for (int i = 0; i < read.Tensors.Length; i++)
        {
            Assert.Equal(expected.Inputs[i].Name, read.Tensors[i].Name);
            Assert.Equal(expected.Inputs[i].Datatype, read.Tensors[i].DataType.ToName());
            Assert.Equal(expected.Inputs[i].Shape, read.Tensors[i].Shape.Dimensions.ToArray());
            Assert.True(dataOf(expected.Inputs[i], i).AsSpan().SequenceEqual(read.Tensors[i].Data.Span), $"seed {seed}, input {i}");
        }
    }

    private static ModelInferRequest RandomHead(Random random)
    {
        ModelInferRequest request = new() { ModelName = $"model{random.Next(5)}", ModelVersion = random.Next(2) == 0 ? "" : "3", Id = random.Next(2) == 0 ? "" : $"ü{random.Next()}" };
        for (int i = random.Next(4); i > 0; i--)
        {
            request.Parameters.Add($"p{i}", random.Next(3) switch
            {
                0 => new InferParameter { StringParam = "" },
                1 => new InferParameter { Int64Param = -random.NextInt64() },
                _ => new InferParameter { DoubleParam = random.NextDouble() },
            });
        }

        for (int i = random.Next(1, 4); i > 0; i--)
        {
            InputTensor input = new() { Name = $"input{i}" };
            for (int rank = random.Next(4); rank > 0; rank--)
            {
                input.Shape.Add(random.Next(6));
            }

            request.Inputs.Add(input);
            request.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor { Name = $"output{i}" });
        }

        return request;
    }

    private static byte[] Fill(InputTensor input, Random random)
    {
        int count = (int)input.Shape.Aggregate(1L, static (product, size) => product * size);
        InferTensorContents contents = input.Contents = new InferTensorContents();
        using MemoryStream expected = new();
        using BinaryWriter bytes = new(expected);
        int kind = random.Next(8);
        input.Datatype = kind switch { 0 => "BOOL", 1 => "INT8", 2 => "INT64", 3 => "UINT16", 4 => "UINT64", 5 => "FP32", 6 => "FP64", _ => "BYTES" };
        for (int i = 0; i < count; i++)
        {
            long value = random.NextInt64(long.MinValue, long.MaxValue);
            switch (kind)
            {
                case 0:
                    contents.BoolContents.Add((value & 1) == 0);
                    bytes.Write((value & 1) == 0);
                    break;
                case 1:
                    contents.IntContents.Add((int)value);
                    bytes.Write((sbyte)value);
                    break;
                case 2:
                    contents.Int64Contents.Add(value);
                    bytes.Write(value);
                    break;
                case 3:
                    contents.UintContents.Add((uint)value);
                    bytes.Write((ushort)value);
                    break;
                case 4:
                    contents.Uint64Contents.Add((ulong)value);
                    bytes.Write((ulong)value);
                    break;
                case 5:
                    contents.Fp32Contents.Add(value);
                    bytes.Write((float)value);
                    break;
                case 6:
                    contents.Fp64Contents.Add(value);
                    bytes.Write((double)value);
                    break;
                default:
                    byte[] text = new byte[random.Next(5)];
                    contents.BytesContents.Add(ByteString.CopyFrom(text));
                    bytes.Write(text.Length);
                    bytes.Write(text);
                    break;
            }
        }

        bytes.Flush();
        return expected.ToArray();
    }

    private static InferenceResponse RandomResponse(Random random)
    {
        List<Tensor> outputs = [];
        for (int i = random.Next(4); i > 0; i--)
        {
            // Some so large that they are written in steps.
            byte[] data = new byte[random.Next(5) == 0 ? random.Next(200_000) : random.Next(40)];
            random.NextBytes(data);
            outputs.Add(new Tensor($"out{i}", TensorDataType.UInt8, random.Next(2) == 0 ? new TensorShape(data.Length) : new TensorShape(1, data.Length, 1), data));
        }

        return new InferenceResponse { Servable = Servable(), Outputs = outputs };
    }

    private static ServableInfo Servable() => new("modèle", 20251121, "", new ModelSignature([], []), Core.ModelConfig.Default) { Platform = "onnxruntime_onnx" };

    private static async Task<byte[]> WriteAsync(InferResponseMessage message)
    {
        using MemoryStream stream = new();
        PipeWriter writer = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        await message.WriteToAsync(writer, CancellationToken.None);
        await writer.CompleteAsync();
        return stream.ToArray();
    }

    private static Owned Read(byte[] bytes)
    {
        GrpcMessage message = GrpcMessages.Of(bytes);
        try
        {
            string id = "";
            InferRequestMessage fields = InferRequestReader.ReadFields(ref message, ref id);
            return new Owned(fields, InferRequestReader.ReadTensors(fields, ref message));
        }
        finally
        {
            message.Dispose();
        }
    }

    private sealed record Owned(InferRequestMessage Fields, Tensor[] Tensors) : IDisposable
    {
        public void Dispose()
        {
            foreach (Tensor tensor in Tensors)
            {
                tensor.Dispose();
            }
        }
    }
}
