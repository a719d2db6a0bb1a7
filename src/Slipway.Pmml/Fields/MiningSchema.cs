using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Fields;

/// <summary>Puts a model's mining fields into its scope.</summary>
internal static class MiningSchema
{
    /// <summary>For the model that callers score: fields are inputs.</summary>
    /// <param name="fields">The model's mining fields.</param>
    /// <param name="scope">The model's scope.</param>
    /// <param name="plan">Takes the inputs, and what is computed before the model is evaluated.</param>
    /// <param name="collections">Names of the fields of which a row gives a whole collection.</param>
    public static void BindInputs(IReadOnlyList<MiningField> fields, Scope scope, PlanBuilder plan, IReadOnlyCollection<string> collections)
    {
        foreach (MiningField field in fields)
        {
            if (!plan.DataFields.ContainsKey(field.Name))
            {
                throw PmmlError.Invalid(field.Element, "is not in the DataDictionary");
            }

            if (collections.Contains(field.Name))
            {
                PmmlType items = new(PmmlKind.Items);
                plan.Inputs.Add(new PlanInput(field.Name, items, plan.AddSlot(Cell.Missing)));
                scope.Add(new FieldBinding(field.Name, new SlotExpression(plan.Inputs[^1].Slot, items), OpType.Categorical));
            }
            else if (field.IsActive)
            {
                FieldBinding binding = Input(field, plan);
                if (binding.Value is MemoExpression memo)
                {
                    // Computed before anything reads it: readers need not ask whether it has been.
                    plan.Eager.Add(memo);
                    binding = binding with { Value = new SlotExpression(memo.Slot, memo.Type) };
                }

                scope.Add(binding);
            }
        }

        // What only outputs or a lenient producer name is asked for when it is named.
        foreach (DataField other in plan.DataFields.Values.Where(other => !scope.HasOwn(other.Name)))
        {
            MiningField? field = fields.FirstOrDefault(field => field.Name == other.Name);
            scope.AddDerived(other.Name, () => Input(field ?? Plain(other.Name), plan));
        }
    }

    /// <summary>For a model within another one: fields are those of the models around it, or outputs of the segments before it.</summary>
    public static void BindInner(IReadOnlyList<MiningField> fields, Scope scope, Scope parent, PlanBuilder plan)
    {
        foreach (MiningField field in fields)
        {
            if (!field.IsActive || (!field.HasTreatment && parent.Find(field.Name) is not null))
            {
                continue;
            }

            FieldBinding outer = parent.Get(field.Name, field.Element);
            scope.Add(outer with { Value = TreatedField.Create(outer.Value, field, outer.Declared, isInput: false, plan), Validity = null });
            scope.HasOwnTreatment = true;
        }
    }

    private static FieldBinding Input(MiningField field, PlanBuilder plan)
    {
        DataField declared = plan.DataFields[field.Name];
        int slot = plan.AddSlot(Cell.Missing);
        plan.Inputs.Add(new PlanInput(field.Name, declared.Type, slot));
        Expression value = TreatedField.Create(new SlotExpression(slot, declared.Type), field, declared, isInput: true, plan);
        OpType opType = field.Element.Attribute("optype") is null ? declared.OpType : DataField.ReadOpType(field.Element, declared.Type);
        return new FieldBinding(field.Name, value, opType, declared) { Validity = ValidityOf(value, slot) };
    }

    private static DelegateExpression? ValidityOf(Expression value, int slot) =>
        value is MemoExpression { Source: TreatedField treated }
            ? new DelegateExpression(PmmlType.Boolean, frame => frame[slot] is var raw && !Cell.IsMissing(raw) && treated.IsValid(raw) ? 1 : 0)
            : null;

    private static MiningField Plain(string name) => new()
    {
        Element = new PmmlElement("MiningField", 0, [new("name", name)]),
        Name = name,
        Usage = "supplementary",
        Invalid = InvalidTreatment.ReturnInvalid,
        Outliers = OutlierTreatment.AsIs,
        HasTreatment = false,
        Low = double.NegativeInfinity,
        High = double.PositiveInfinity,
    };
}
