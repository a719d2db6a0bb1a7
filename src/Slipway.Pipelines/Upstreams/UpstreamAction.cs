using System.Buffers;
using System.Net;
using System.Text.Json;
using Slipway.Core;
using Slipway.Pipelines.Definitions;
using Slipway.Pipelines.Running;

namespace Slipway.Pipelines.Upstreams;

/// <summary>
/// Asks another server, whose address the configuration names and no request can change. Answers are read up to a bound and taken only when they are what is declared.
/// </summary>
internal sealed class UpstreamAction(UpstreamBody body, IReadOnlyList<string> inputNames) : StepAction
{
    private readonly Uri _address = AddressOf(body);

    /// <inheritdoc/>
    public override async ValueTask<StepResult> RunAsync(StepCall call, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, _address) { Content = new ReadOnlyMemoryContent(Write(call)) };
        request.Content.Headers.ContentType = new("application/json");
        try
        {
            using HttpResponseMessage response = await call.Pipeline.Services.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                throw new SlipwayException(CodeOf(response.StatusCode), $"the upstream server answered with status {(int)response.StatusCode}");
            }

            byte[] answer = await ReadAsync(response, cancellationToken);
            return Take(answer, call.Pipeline.Memory);
        }
        catch (HttpRequestException exception)
        {
            throw new SlipwayException(ErrorCode.ModelNotReady, "the upstream server can't be reached", exception);
        }
        catch (IOException exception)
        {
            throw new SlipwayException(ErrorCode.ModelNotReady, "the upstream server broke off", exception);
        }
        catch (JsonException exception)
        {
            throw new SlipwayException(ErrorCode.ModelFailed, "the upstream server's answer is no JSON", exception);
        }
    }

    private static Uri AddressOf(UpstreamBody body)
    {
        string root = body.Url.GetLeftPart(UriPartial.Path).TrimEnd('/');
        string model = Uri.EscapeDataString(body.Model);
        string version = body.Version.Length == 0 ? "" : $"/versions/{Uri.EscapeDataString(body.Version)}";
        return new Uri(body.Protocol == UpstreamProtocol.OpenInference ? $"{root}/v2/models/{model}{version}/infer" : $"{root}/v1/models/{model}{version}:predict");
    }

    private static ErrorCode CodeOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest => ErrorCode.InvalidRequest,
        HttpStatusCode.TooManyRequests => ErrorCode.Overloaded,
        HttpStatusCode.NotFound or HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway => ErrorCode.ModelNotReady,
        HttpStatusCode.GatewayTimeout => ErrorCode.DeadlineExceeded,
        _ => ErrorCode.ModelFailed,
    };

    private ReadOnlyMemory<byte> Write(StepCall call)
    {
        IReadOnlyList<Tensor> inputs = call.Inputs;
        ArrayBufferWriter<byte> text = new();
        using Utf8JsonWriter writer = new(text);
        writer.WriteStartObject();
        if (body.Protocol == UpstreamProtocol.OpenInference)
        {
            WriteOpenInference(writer, inputs);
            WriteTimeout(writer, call);
        }
        else
        {
            writer.WriteStartObject("inputs");
            for (int i = 0; i < inputs.Count; i++)
            {
                writer.WritePropertyName(inputNames[i]);
                UpstreamJson.Write(writer, inputs[i], isNested: true);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.Flush();
        return text.WrittenMemory;
    }

    private void WriteOpenInference(Utf8JsonWriter writer, IReadOnlyList<Tensor> inputs)
    {
        writer.WriteStartArray("inputs");
        for (int i = 0; i < inputs.Count; i++)
        {
            writer.WriteStartObject();
            writer.WriteString("name", inputNames[i]);
            writer.WriteString("datatype", inputs[i].DataType.ToName());
            writer.WriteStartArray("shape");
            foreach (long size in inputs[i].Shape.Dimensions)
            {
                writer.WriteNumberValue(size);
            }

            writer.WriteEndArray();
            writer.WritePropertyName("data");
            UpstreamJson.Write(writer, inputs[i], isNested: false);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("outputs");
        foreach (TensorSignature output in Outputs)
        {
            writer.WriteStartObject();
            writer.WriteString("name", output.Name);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    // What is left of the caller's time, in microseconds, so that the other server drops what nobody waits for any more.
    private static void WriteTimeout(Utf8JsonWriter writer, StepCall call)
    {
        if (call.Deadline is not { } deadline)
        {
            return;
        }

        TimeProvider time = call.Pipeline.Services.Time;
        writer.WriteStartObject("parameters");
        writer.WriteNumber("timeout", Math.Max(1, (long)time.GetElapsedTime(time.GetTimestamp(), deadline).TotalMicroseconds));
        writer.WriteEndObject();
    }

    private async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using MemoryStream answer = new();
        byte[] part = new byte[64 << 10];
        for (int read; (read = await stream.ReadAsync(part, cancellationToken)) > 0;)
        {
            if (answer.Length + read > body.MaxBytes)
            {
                throw new SlipwayException(ErrorCode.PayloadTooLarge, $"the upstream server's answer has more than {body.MaxBytes} bytes");
            }

            answer.Write(part, 0, read);
        }

        return answer.ToArray();
    }

    private StepResult Take(byte[] answer, RequestMemory memory)
    {
        using JsonDocument document = JsonDocument.Parse(answer);
        List<Tensor> tensors = [];
        foreach (TensorSignature output in Outputs)
        {
            tensors.Add(body.Protocol == UpstreamProtocol.OpenInference ? TakeOpenInference(document.RootElement, output) : TakeTensorFlow(document.RootElement, output));
        }

        long bytes = tensors.Sum(static tensor => (long)tensor.Data.Length);
        memory.Charge(bytes);
        return new StepResult(tensors, new Charged(memory, bytes));
    }

    private static Tensor TakeOpenInference(JsonElement root, TensorSignature output)
    {
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("outputs", out JsonElement outputs) && outputs.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement one in outputs.EnumerateArray())
            {
                if (one.ValueKind == JsonValueKind.Object && one.TryGetProperty("name", out JsonElement name) && name.ValueKind == JsonValueKind.String && name.GetString() == output.Name)
                {
                    return TakeOne(one, output);
                }
            }
        }

        throw UpstreamJson.Bad($"there is no output '{output.Name}'");
    }

    private static Tensor TakeOne(JsonElement one, TensorSignature output)
    {
        if (!one.TryGetProperty("datatype", out JsonElement type) || type.ValueKind != JsonValueKind.String || type.GetString() != output.DataType.ToName())
        {
            throw UpstreamJson.Bad($"output '{output.Name}' is declared as {output.DataType.ToName()} and is another type");
        }

        if (!one.TryGetProperty("data", out JsonElement data) || !one.TryGetProperty("shape", out JsonElement shape) || shape.ValueKind != JsonValueKind.Array)
        {
            throw UpstreamJson.Bad($"output '{output.Name}' has no 'data' or no 'shape'");
        }

        long[] sizes = [.. shape.EnumerateArray().Select(static size => size.ValueKind == JsonValueKind.Number && size.TryGetInt64(out long value) && value >= 0 ? value : throw UpstreamJson.Bad("a size of a shape is no whole number"))];
        return UpstreamJson.Read(data, output, new TensorShape(sizes));
    }

    // A model with one output gives its values without a name.
    private static Tensor TakeTensorFlow(JsonElement root, TensorSignature output)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("outputs", out JsonElement outputs))
        {
            throw UpstreamJson.Bad("there are no 'outputs'");
        }

        JsonElement data = outputs.ValueKind != JsonValueKind.Object ? outputs
            : outputs.TryGetProperty(output.Name, out JsonElement named) ? named : throw UpstreamJson.Bad($"there is no output '{output.Name}'");
        return UpstreamJson.Read(data, output, null);
    }

    private sealed class Charged(RequestMemory memory, long bytes) : IDisposable
    {
        private int _isGone;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isGone, 1) == 0)
            {
                memory.Release(bytes);
            }
        }
    }
}
