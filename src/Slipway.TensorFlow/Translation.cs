using Slipway.Core;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;
using Slipway.TensorFlow.Operators;

namespace Slipway.TensorFlow;

/// <summary>A signature of a SavedModel, translated to terms of ONNX.</summary>
internal sealed class Translation
{
    private readonly Draft _draft;

    private Translation(SignatureDefinition signature, Evaluator evaluator, ModelResources resources, IReadOnlyList<Term> inputs, IReadOnlyList<(string Name, Term Term)> outputs)
    {
        (Signature, _draft, Resources, Inputs, Outputs) = (signature, evaluator.Draft, resources, inputs, outputs);
        (Problems, Operators) = (evaluator.Problems, evaluator.Operators);
    }

    public SignatureDefinition Signature { get; }

    /// <summary>Variables and tables.</summary>
    public ModelResources Resources { get; }

    /// <summary>Inputs under the signature's names, or features of tf.Example under theirs.</summary>
    public IReadOnlyList<Term> Inputs { get; }

    /// <summary>Outputs under the signature's names; none when there are problems.</summary>
    public IReadOnlyList<(string Name, Term Term)> Outputs { get; }

    /// <summary>TensorFlow's operators that the signature needs, and how often.</summary>
    public IReadOnlyDictionary<string, long> Operators { get; }

    /// <summary>What the signature reads from tf.Example, see <see cref="ModelMetadataKeys.Examples"/>; null when it takes none.</summary>
    public string? Examples { get; private init; }

    /// <summary>What is not supported.</summary>
    public IReadOnlyList<Problem> Problems { get; }

    /// <summary>Translates a signature.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when the model is damaged; what is not supported is in <see cref="Problems"/>.</exception>
    public static Translation Of(SavedModel model, SignatureDefinition signature, CancellationToken cancellationToken)
    {
        Translation declared = Of(model, signature, isRankFree: false, cancellationToken);
        if (declared.Problems.Count > 0 || !RankFreedom.Holds(declared.Operators.Keys) || !signature.Inputs.Values.All(static input => RankFreedom.IsOneNumber(input.Shape)))
        {
            return declared;
        }

        Translation free = Of(model, signature, isRankFree: true, cancellationToken);
        return free.Problems.Count == 0 ? free : declared;
    }

    private static Translation Of(SavedModel model, SignatureDefinition signature, bool isRankFree, CancellationToken cancellationToken)
    {
        ModelResources resources = model.Initialize(KnownOperators.All, cancellationToken);
        Evaluator evaluator = new(model.Graph, resources, KnownOperators.All, cancellationToken);
        Frame frame = new(model.Graph.Nodes);
        List<Term> inputs = [];
        foreach ((string name, TensorInfo info) in signature.Inputs)
        {
            TensorReference tensor = TensorReference.Parse(NameOf(info, name));
            PartialShape placeholder = frame.Find(tensor.Node)?.Attributes.GetValueOrDefault("shape")?.Shape ?? PartialShape.Unknown;
            Term input = evaluator.Draft.Input(name, info.Type.ToOnnx(), isRankFree ? PartialShape.Unknown : info.Shape.Refine(placeholder));
            inputs.Add(input);
            frame.Given[(tensor.Node, tensor.Index)] = input;
        }

        string[] names = [.. signature.Outputs.Keys];
        IReadOnlyList<Value> values = evaluator.Evaluate(frame, [.. signature.Outputs.Select(static output => NameOf(output.Value, output.Key))]);
        SideEffects.Check(evaluator, frame);
        List<(string Name, Term Term)> outputs = [];
        for (int i = 0; i < names.Length; i++)
        {
            OperatorCall output = new(evaluator, frame, new GraphNode(names[i], "output", [], AttributeValue.Empty), [values[i]]);
            if (output.TryTensor(0) is { } term)
            {
                PartialShape shape = isRankFree ? term.Shape : term.Shape.Refine(signature.Outputs[names[i]].Shape);
                outputs.Add((signature.Inputs.ContainsKey(names[i]) ? names[i] + "_output" : names[i], Draft.WithShape(term, shape)));
            }
        }

        if (evaluator.Features.IsEmpty)
        {
            return new Translation(signature, evaluator, resources, inputs, outputs);
        }

        // A parser of examples is cut away: what it reads from is then no input any more, its features are.
        IReadOnlySet<Term> used = Reachable.From(outputs.Select(static output => output.Term));
        Term[] taken = [.. inputs.Where(used.Contains), .. evaluator.Features.Inputs.Where(used.Contains)];
        HashSet<string> takenNames = [.. taken.Select(static input => input.Name)];
        outputs = [.. outputs.Select(output => (takenNames.Contains(output.Name) ? output.Name + "_output" : output.Name, output.Term))];
        return new Translation(signature, evaluator, resources, taken, outputs) { Examples = evaluator.Features.Describe(used) };
    }

    /// <summary>The ONNX model file.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/> lists everything that is not supported.</exception>
    public byte[] ToOnnx(IReadOnlyDictionary<string, string> metadata) => Problems.Count == 0
        ? DraftEmitter.Build(_draft, "saved_model", Inputs, Outputs, metadata)
        : throw new SlipwayException(ErrorCode.NotSupported, ProblemText.Of(Problems));

    private static string NameOf(TensorInfo info, string name) => info.Name.Length > 0
        ? info.Name
        : throw new SlipwayException(ErrorCode.NotSupported, $"'{name}' of the signature is a sparse or composite tensor, which is not converted");
}
