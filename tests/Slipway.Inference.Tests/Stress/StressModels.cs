using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Slipway.Core;
using Slipway.TestKit.Fakes;

namespace Slipway.Inference.Tests.Stress;

/// <summary>
/// Models whose answers say what they were built from: <c>sum</c> is that of each row of <c>x</c>, <c>double</c> the number of the content in both columns. Counts outputs that
/// were not released, or twice, and inputs that were read after they were given back. Thread-safe.
/// </summary>
internal sealed class StressModels
{
    /// <summary>A row of this fails its run.</summary>
    public const float Unlucky = 13;

    private readonly ConcurrentDictionary<int, (string Token, long Version)> _contents = new();
    private readonly ConcurrentDictionary<string, int> _attempts = new();
    private int _next;
    private int _liveOutputs;
    private int _faults;

    /// <summary>Outputs handed out and not released.</summary>
    public int LiveOutputs => Volatile.Read(ref _liveOutputs);

    /// <summary>Releases of what was released already, and reads of what was given back.</summary>
    public int Faults => Volatile.Read(ref _faults);

    /// <summary>A new content of a version.</summary>
    public StressContent Make(string model, long version, string kind = "good")
    {
        int number = Interlocked.Increment(ref _next);
        string token = string.Create(CultureInfo.InvariantCulture, $"{model}/{version}/{number}/{kind}");
        _contents[number] = (token, version);
        return new StressContent(number, token);
    }

    /// <summary>Whether an answer is one that the version which claims it could give to <paramref name="x"/>; null when it is, else what is wrong with it.</summary>
    public string? Judge(string model, Tensor x, InferenceResponse response, out int content)
    {
        content = 0;
        float[] values = FakeModelDefinition.Floats(x);
        foreach (Tensor output in response.Outputs)
        {
            float[] given = FakeModelDefinition.Floats(output);
            if (output.Shape[0] != x.Shape[0])
            {
                return $"{output.Name} has {output.Shape[0]} rows instead of {x.Shape[0]}";
            }

            if (output.Name == "sum")
            {
                if (!given.SequenceEqual(values.Chunk(2).Select(static row => row[0] + row[1])))
                {
                    return "the sums are those of other rows";
                }

                continue;
            }

            content = (int)given[0];
            (string token, long version) = _contents[content];
            if (Array.Exists(given, value => value != given[0]))
            {
                return "rows of one answer come from different contents";
            }

            if (token.Split('/')[0] != model || version != response.Servable.Version || DigestOf(token) != response.Servable.Digest)
            {
                return $"{token} answered for {model} version {response.Servable.Version}";
            }
        }

        return null;
    }

    /// <summary>The digest of a version built from a token, as <see cref="FakePreparer"/> has it.</summary>
    public static string DigestOf(string token) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>Rows of two numbers that are overwritten as soon as they are given back.</summary>
    public Tensor Rows(int rows, float value)
    {
        byte[] bytes = new byte[rows * 8];
        Span<float> values = MemoryMarshal.Cast<byte, float>(bytes.AsSpan());
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = value + (value == Unlucky ? 0 : i);
        }

        return new Tensor("x", TensorDataType.Float32, new TensorShape(rows, 2), bytes, new Released(this, bytes));
    }

    /// <summary>What the runtime makes of a token; some are refused, some at the first attempt only.</summary>
    public FakeModelDefinition Define(string token)
    {
        string kind = token.Split('/')[3];
        if (kind == "bad" || (kind == "late" && _attempts.AddOrUpdate(token, 1, static (_, before) => before + 1) == 1))
        {
            throw kind == "bad" ? new SlipwayException(ErrorCode.InvalidModel, "truncated") : new IOException("not yet");
        }

        int number = int.Parse(token.Split('/')[2], CultureInfo.InvariantCulture);
        return new FakeModelDefinition { Signature = FakeModelDefinition.Sums.Signature, Run = (_, inputs, outputs, cancelled) => Run(number, inputs[0]!, outputs, cancelled) };
    }

    private Tensor[] Run(int number, Tensor x, int[] outputs, CancellationToken cancelled)
    {
        float[] values = FakeModelDefinition.Floats(x);
        if (values.Any(float.IsNaN))
        {
            Interlocked.Increment(ref _faults);
        }

        Thread.Yield();
        cancelled.ThrowIfCancellationRequested();
        if (values.Chunk(2).Any(static row => row[0] == Unlucky && row[1] == Unlucky))
        {
            throw new SlipwayException(ErrorCode.ModelFailed, "an unlucky row");
        }

        return Array.ConvertAll(outputs, output => output == 0
            ? Output("sum", new TensorShape(x.Shape[0], 1), [.. values.Chunk(2).Select(static row => row[0] + row[1])])
            : Output("double", x.Shape, [.. values.Select(_ => (float)number)]));
    }

    private Tensor Output(string name, TensorShape shape, float[] values)
    {
        Interlocked.Increment(ref _liveOutputs);
        return new Tensor(name, TensorDataType.Float32, shape, MemoryMarshal.AsBytes<float>(values).ToArray(), new Released(this, null));
    }

    // An input that was given back reads as numbers that are none.
    private sealed class Released(StressModels models, byte[]? input) : IDisposable
    {
        private int _count;

        public void Dispose()
        {
            input.AsSpan().Fill(0xFF);
            if (input is null)
            {
                Interlocked.Decrement(ref models._liveOutputs);
            }

            if (Interlocked.Increment(ref _count) > 1)
            {
                Interlocked.Increment(ref models._faults);
            }
        }
    }
}

/// <summary>What a version is built from.</summary>
/// <param name="Number">Larger than those of all contents made before.</param>
/// <param name="Token">Its change token.</param>
internal readonly record struct StressContent(int Number, string Token);
