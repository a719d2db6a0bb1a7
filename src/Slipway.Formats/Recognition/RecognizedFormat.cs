using Slipway.Core;
using Slipway.Formats.Abstractions;

namespace Slipway.Formats.Recognition;

/// <summary>A kind of file that is known by sight and not served, so that the answer can say what it is and what to do.</summary>
internal sealed class RecognizedFormat(string name, string description, string advice, Func<FormatSample, bool> recognizes) : IModelFormat
{
    public string Name => name;

    public string Description => description;

    public FormatSupport Support => FormatSupport.NotServed(advice);

    public bool Recognizes(FormatSample sample) => recognizes(sample);

    public ModelInspection Inspect(VersionFiles files, CancellationToken cancellationToken) => new()
    {
        Format = name,
        FileBytes = files.Open(files.MainFile).Length,
        Problems = [new ModelProblem(true, Explain(files.MainFile))],
    };

    public PreparedModel Prepare(VersionFiles files, CancellationToken cancellationToken) =>
        throw new SlipwayException(ErrorCode.NotSupported, Explain(files.MainFile));

    private string Explain(string file) => $"'{file}' is {description}, which is not served: {advice}";
}
