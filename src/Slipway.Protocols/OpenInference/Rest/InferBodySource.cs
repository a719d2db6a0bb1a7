using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Slipway.Core;
using Slipway.Protocols.Http;

namespace Slipway.Protocols.OpenInference.Rest;

/// <summary>Reads the whole body of an inference request: its JSON and the binary tensors behind it.</summary>
internal sealed class InferBodySource(IModelCatalog catalog, BodyLimits limits)
{
    /// <summary>Header that says how many bytes of the body are JSON; 0: none, the body is a raw tensor. Absent: all.</summary>
    public const string HeaderLength = "Inference-Header-Content-Length";

    /// <summary>Reads a request. The result owns its tensors.</summary>
    public async ValueTask<InferBody> ReadAsync(HttpContext context, RequestBody source, string model, VersionSelector version)
    {
        CancellationToken cancellation = context.RequestAborted;
        StringValues header = context.Request.Headers[HeaderLength];
        if (header.Count == 0)
        {
            ReadOnlyMemory<byte> whole = await source.ReadRestAsync(limits.Options.MaxJsonBytes, cancellation);
            return WithoutBlocks(InferBodyReader.Read(whole.Span));
        }

        int length = ParseLength(header.ToString(), source.Length);
        if (length == 0)
        {
            ServableInfo servable = await catalog.GetServableAsync(model, version, cancellation);
            return await RawBodyReader.ReadAsync(source, servable, limits.Options.MaxJsonBytes, cancellation);
        }

        if (length > limits.Options.MaxJsonBytes)
        {
            throw new SlipwayException(ErrorCode.PayloadTooLarge, $"the JSON part is larger than the {limits.Options.MaxJsonBytes} bytes allowed");
        }

        ReadOnlyMemory<byte> json = await source.ReadExactlyAsync(length, cancellation);
        InferBody body = InferBodyReader.Read(json.Span);
        try
        {
            await ReadBlocksAsync(body, source, model, cancellation);
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    private static async ValueTask ReadBlocksAsync(InferBody body, RequestBody source, string model, CancellationToken cancellation)
    {
        for (int i = 0; i < body.Inputs.Count; i++)
        {
            InferInput input = body.Inputs[i];
            if (input.Tensor is null)
            {
                body.Inputs[i] = input with { Tensor = await ReadBlockAsync(input, source, model, cancellation) };
            }
        }

        if (!await source.IsAtEndAsync(cancellation))
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, "unexpected additional input data behind the last binary input");
        }
    }

    private static async ValueTask<Tensor> ReadBlockAsync(InferInput input, RequestBody source, string model, CancellationToken cancellation)
    {
        // Sizes are compared before room is made for them.
        long count = TensorBytes.CountElements(input.Name, input.Shape);
        if (input.DataType.IsFixedSize())
        {
            TensorBytes.CheckLength(model, input.Name, input.DataType, count, input.BinarySize);
        }

        if (source.Length - source.BytesRead < input.BinarySize)
        {
            throw new SlipwayException(
                ErrorCode.InvalidRequest,
                $"unexpected size for input '{input.Name}', expecting {input.BinarySize - (source.Length - source.BytesRead)} additional bytes");
        }

        if (input.BinarySize > Array.MaxLength - TensorBufferPool.Alignment)
        {
            throw new SlipwayException(ErrorCode.PayloadTooLarge, $"input '{input.Name}': a tensor has at most 2 GiB");
        }

        source.Charge(input.BinarySize);
        TensorBuffer buffer = TensorBufferPool.Shared.Rent(input.BinarySize);
        try
        {
            await source.ReadIntoAsync(buffer.Memory, cancellation);
            TensorBytes.Check(model, input.Name, input.DataType, input.Shape, buffer.Span);
            return new Tensor(input.Name, input.DataType, input.Shape, buffer.Memory, buffer);
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private static InferBody WithoutBlocks(InferBody body)
    {
        foreach (InferInput input in body.Inputs)
        {
            if (input.Tensor is null)
            {
                body.Dispose();
                throw new SlipwayException(
                    ErrorCode.InvalidRequest, $"input '{input.Name}' has a 'binary_data_size', but the request has no header {HeaderLength}");
            }
        }

        return body;
    }

    private static int ParseLength(string header, long? bodyLength)
    {
        if (!int.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out int length))
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"header {HeaderLength} must be a whole number of bytes, 0 or more");
        }

        if (length > bodyLength)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"header {HeaderLength} says {length} bytes, but the body has {bodyLength}");
        }

        return length;
    }
}
