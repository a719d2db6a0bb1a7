using Slipway.Core;
using Slipway.Formats.Abstractions;

namespace Slipway.Formats.Tests.Conversion;

/// <summary>A format that converts every file to its own bytes twice over, and counts how often it did.</summary>
internal sealed class CountingFormat(FormatServing serving = FormatServing.Converted) : IModelFormat
{
    private int _prepared;

    public int Prepared => _prepared;

    public string Name => "counting";

    public string Description => "a file of the tests";

    public FormatSupport Support => new() { Serving = serving };

    public bool Recognizes(FormatSample sample) => true;

    public ModelInspection Inspect(VersionFiles files, CancellationToken cancellationToken) => throw new NotSupportedException();

    public PreparedModel Prepare(VersionFiles files, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _prepared);
        byte[] bytes = files.Open(files.MainFile).ReadHead(int.MaxValue);
        return new PreparedModel
        {
            Runtime = "onnx",
            Model = new ModelContent(bytes.Concat(bytes).ToArray()),
            Digest = files.ComputeDigest(cancellationToken),
            Platform = "counting",
            Metadata = new Dictionary<string, string> { ["key"] = "välue" },
        };
    }
}
