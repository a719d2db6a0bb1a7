using System.Globalization;
using System.Text;
using Slipway.Core;
using Slipway.Formats.Abstractions;
using Slipway.Pmml.Compilation;
using Slipway.Pmml.Documents;
using Slipway.Pmml.Scoring;

namespace Slipway.Pmml;

/// <summary>PMML documents, 3.0 to 4.4: recognised by their first element, evaluated by <see cref="PmmlModelRuntime"/>.</summary>
internal sealed class PmmlFormat : IModelFormat
{
    /// <inheritdoc/>
    public string Name => "pmml";

    /// <inheritdoc/>
    public string Description => "a PMML document";

    /// <inheritdoc/>
    public FormatSupport Support => PmmlSupport.Value;

    /// <inheritdoc/>
    public bool Recognizes(FormatSample sample)
    {
        string text = Encoding.UTF8.GetString(sample.Head.Span).Replace("\0", "", StringComparison.Ordinal).TrimStart('\uFEFF', '\uFFFD', ' ', '\t', '\r', '\n');
        if (!text.StartsWith('<'))
        {
            return false;
        }

        // A prefix is allowed; a long comment may stand before the first element.
        return text.Contains("<PMML", StringComparison.Ordinal) || text.Contains(":PMML", StringComparison.Ordinal)
            || (Path.GetExtension(sample.FileName).Equals(".pmml", StringComparison.OrdinalIgnoreCase) && text.StartsWith("<?xml", StringComparison.Ordinal));
    }

    /// <inheritdoc/>
    public ModelInspection Inspect(VersionFiles files, CancellationToken cancellationToken)
    {
        VersionFile main = files.Open(files.MainFile);
        PmmlElement document;
        using (Stream stream = main.OpenRead())
        {
            document = PmmlReader.Read(stream, main.Length, PmmlLimits.Default, cancellationToken);
        }

        PmmlElement? application = document.Child("Header")?.Child("Application");
        ModelInspection inspection = new()
        {
            Format = Name,
            Producer = application?.Attribute("name") ?? "",
            ProducerVersion = application?.Attribute("version") ?? "",
            FileBytes = main.Length,
            Operators = PmmlCensus.Elements(document),
            NodeCount = PmmlCensus.Count(document),
        };
        try
        {
            PmmlPlan plan = PmmlPlan.Compile(document, null, cancellationToken);
            ModelSignature signature = PmmlSignature.Of(plan, document);
            return inspection with
            {
                Inputs = [.. signature.Inputs.Select(Describe)],
                Outputs = [.. signature.Outputs.Select(Describe)],
                Metadata = signature.Metadata,
                Problems = ModelVerification.FindDifference(plan, cancellationToken) is { } difference
                    ? [new ModelProblem(true, $"the model disagrees with itself: {difference}")]
                    : [],
            };
        }
        catch (SlipwayException fault) when (fault.Code is ErrorCode.InvalidModel or ErrorCode.NotSupported)
        {
            return inspection with
            {
                Metadata = new Dictionary<string, string> { ["pmml.version"] = document.Attribute("version") ?? "" },
                Problems = [new ModelProblem(true, fault.Message)],
            };
        }
    }

    /// <inheritdoc/>
    public PreparedModel Prepare(VersionFiles files, CancellationToken cancellationToken)
    {
        string digest = files.ComputeDigest(cancellationToken);
        return new PreparedModel
        {
            Runtime = PmmlModelRuntime.RuntimeName,
            Model = files.Take(files.MainFile),
            Digest = digest,
            Platform = Name,
        };
    }

    private static InspectedTensor Describe(TensorSignature tensor) => new(
        tensor.Name,
        tensor.DataType.ToName(),
        [.. tensor.DimensionNames.Select((name, i) => name ?? tensor.Shape[i].ToString(CultureInfo.InvariantCulture))])
    {
        IsOptional = tensor.IsOptional,
    };
}
