using System.Buffers;
using Slipway.Cli.Rows;
using Slipway.Client;
using Slipway.Client.Inference;
using Slipway.Core;
using Slipway.Core.Rows;

namespace Slipway.Cli.Prediction;

/// <summary>Sends the rows of a file to a running server, batch by batch in their order, and writes its answers as rows.</summary>
/// <param name="client">The server.</param>
/// <param name="model">Name of the model.</param>
/// <param name="version">Version or alias; null: the largest ready.</param>
internal sealed class PredictRun(SlipwayClient client, string model, string? version)
{
    private readonly ArrayBufferWriter<byte> _text = new();

    /// <summary>Reads, asks and writes.</summary>
    /// <returns>Rows answered.</returns>
    /// <exception cref="SlipwayException">A row can't be read: the whole run ends, naming the line.</exception>
    /// <exception cref="SlipwayClientException">The server refused.</exception>
    public async Task<long> RunAsync(PredictOptions options, CancellationToken cancellationToken)
    {
        ModelSignature signature = WireTensors.SignatureOf(await client.GetModelAsync(model, version, cancellationToken));
        using Stream stream = RowFiles.OpenRead(options.Input, out _);
        RowBlockReader reader = new(stream, RowFiles.InputName(options.Input), options.InputFormat, options.Reading, options.Batch);
        RowBinding binding = await reader.BindAsync(signature, cancellationToken);
        RowOutputs outputs = RowOutputs.Create(signature, options.Outputs);
        RowEncoder encoder = RowEncoder.Create(options.OutputFormat, outputs);
        RowDecoder decoder = RowDecoder.Create(binding, options.Reading);
        using RowBatch batch = new(binding);
        await using OutputFile output = OutputFile.Create(options.Output);

        long answered = 0;
        while (await reader.ReadAsync(cancellationToken) is var (bytes, line))
        {
            while (!bytes.IsEmpty)
            {
                batch.Reset();
                bytes = bytes[decoder.Decode(bytes.Span, ref line, batch)..];
                ThrowIfRejected(batch, reader);
                if (batch.Count > 0)
                {
                    await AskAsync(batch, encoder, cancellationToken);
                    await FlushAsync(output, encoder, isFirst: answered == 0, cancellationToken);
                    answered += batch.Count;
                }
            }
        }

        if (answered == 0)
        {
            await FlushAsync(output, encoder, isFirst: true, cancellationToken);
        }

        await output.CompleteAsync(cancellationToken);
        return answered;
    }

    private async Task AskAsync(RowBatch batch, RowEncoder encoder, CancellationToken cancellationToken)
    {
        Tensor?[] inputs = batch.ToTensors();
        try
        {
            InferResult result = await client.InferAsync(
                new InferCall(model, [.. inputs.OfType<Tensor>().Select(WireTensors.ToClient)])
                {
                    Version = version,
                    Outputs = [.. encoder.Outputs.Signatures.Select(output => output.Name)],
                },
                cancellationToken);
            encoder.Write([.. result.Outputs.Select(WireTensors.ToCore)], batch.Count, _text);
        }
        finally
        {
            foreach (Tensor? tensor in inputs)
            {
                tensor?.Dispose();
            }
        }
    }

    // The header's columns are known once the first batch was encoded, so it is written behind it and put before it.
    private async Task FlushAsync(OutputFile output, RowEncoder encoder, bool isFirst, CancellationToken cancellationToken)
    {
        if (isFirst)
        {
            ArrayBufferWriter<byte> header = new();
            encoder.WriteHeader(header);
            await output.WriteAsync(header.WrittenMemory, cancellationToken);
        }

        await output.WriteAsync(_text.WrittenMemory, cancellationToken);
        _text.ResetWrittenCount();
    }

    private static void ThrowIfRejected(RowBatch batch, RowBlockReader reader)
    {
        if (batch.Rejects is [var first, ..])
        {
            throw reader.Named(new SlipwayException(ErrorCode.InvalidRequest, $"line {first.Line}: {first.Reason}"));
        }
    }
}
